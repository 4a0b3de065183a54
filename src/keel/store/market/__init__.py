"""What comes in of the market: bars and facts that are fetched, files that are imported."""
