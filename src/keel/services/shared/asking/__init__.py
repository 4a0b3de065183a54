"""Models that are asked to propose, by more than one intention."""
