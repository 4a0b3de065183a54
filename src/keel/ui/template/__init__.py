"""The template page."""
