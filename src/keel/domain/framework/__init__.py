"""The tree of buckets: its records, its edits, its rules."""
