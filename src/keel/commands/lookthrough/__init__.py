"""What products hold, on the command line."""
