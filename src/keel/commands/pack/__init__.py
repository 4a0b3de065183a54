"""What is taken away from the command line, and computed again."""
