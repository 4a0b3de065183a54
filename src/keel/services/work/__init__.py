"""Work under way: how far a framework has come, and what is not saved yet."""
