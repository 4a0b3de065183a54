"""``keel holdings``: what portfolios hold, taken in from files, taken out again, and shown."""
