"""Guided work: the bar of the run one is in, and the ways to begin and to go on."""
