"""When to rebalance, and how far."""
