"""How far a portfolio is from its targets."""
