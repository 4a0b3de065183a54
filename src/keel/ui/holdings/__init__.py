"""The holdings page."""
