"""The commands of ``keel benchmark``."""
