"""What is asked of a portfolio that is held: how likely it drifts, where it moves, which comes first."""
