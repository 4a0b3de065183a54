"""What a path of wealth is judged by."""
