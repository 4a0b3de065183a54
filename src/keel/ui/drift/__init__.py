"""The drift page."""
