"""What is held over REST, and the targets it is held to."""
