"""Limits a portfolio must keep."""
