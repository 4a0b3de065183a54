"""The rebalance page: a plan asked for, looked at, edited, accepted and carried out."""
