"""What portfolios hold: accounts, imported records, and the positions that they add up to."""
