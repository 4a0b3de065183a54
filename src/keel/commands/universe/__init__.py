"""``keel universe`` and its commands."""
