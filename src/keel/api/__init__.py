"""REST over the services."""
