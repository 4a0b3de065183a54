"""Policies by the thousand over one study."""
