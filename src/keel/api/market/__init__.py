"""Prices over REST."""
