"""The data and learn pages."""
