"""``keel plan``."""
