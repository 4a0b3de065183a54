"""What every statement has: a document, tables in it, and a journal of what was read."""
