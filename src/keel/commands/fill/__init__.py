"""The command ``keel fill``."""
