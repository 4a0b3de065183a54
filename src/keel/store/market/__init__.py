"""What is fetched of the market: bars day by day, and facts of instruments."""
