"""What portfolios hold: files and tables in, positions and their worth out."""
