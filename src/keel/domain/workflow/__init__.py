"""Guided work: a graph of steps as data, and how far one run of it is."""
