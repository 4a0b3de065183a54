"""Money that comes in or goes out: where it is placed, and where it comes from."""
