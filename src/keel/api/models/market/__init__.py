"""Models of prices and products."""
