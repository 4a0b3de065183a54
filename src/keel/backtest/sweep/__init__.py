"""Policies by the thousand over one scenario."""
