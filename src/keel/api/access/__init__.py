"""Who may ask what over REST, and how often."""
