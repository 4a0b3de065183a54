"""Telling somebody outside."""
