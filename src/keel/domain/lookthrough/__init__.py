"""What products hold: their parts, what two of them share, and a portfolio seen through them."""
