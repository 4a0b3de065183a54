"""The compiled simulation; each twin bears the name of what it mirrors in ``domain``."""
