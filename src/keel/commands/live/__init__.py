"""Commands on what is held."""
