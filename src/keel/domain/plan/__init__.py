"""What to trade."""
