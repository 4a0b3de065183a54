"""Bytes to text to values; every complaint names its place."""
