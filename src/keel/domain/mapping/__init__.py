"""Which products can fill a bucket."""
