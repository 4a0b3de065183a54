"""The mapping page."""
