"""What products hold: imported, and portfolios seen through them."""
