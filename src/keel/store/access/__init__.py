"""Tokens and shared links, of which only digests are kept."""
