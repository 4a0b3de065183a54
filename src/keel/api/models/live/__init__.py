"""Documents about live portfolios."""
