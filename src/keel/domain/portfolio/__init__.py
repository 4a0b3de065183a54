"""What fills the buckets of a framework."""
