"""Frameworks as files."""
