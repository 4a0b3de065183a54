"""Letting people and programs in, each to what is theirs."""
