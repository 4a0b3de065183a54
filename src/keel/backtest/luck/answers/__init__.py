"""Answers about luck together, in words and as JSON."""
