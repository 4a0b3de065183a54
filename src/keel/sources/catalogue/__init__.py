"""Lists of products that others keep."""
