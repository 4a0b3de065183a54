"""Prices that a public source has: a symbol's bars, and what became of asking for them."""
