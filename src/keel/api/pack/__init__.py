"""What is handed over, over REST."""
