"""``keel policy``."""
