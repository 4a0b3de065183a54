"""What portfolios hold: the records they add up from, the products they may mean, what they are worth."""
