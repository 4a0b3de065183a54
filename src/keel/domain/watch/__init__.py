"""What watched portfolios have to say, and when their policies look next."""
