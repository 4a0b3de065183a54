"""Work under way: jobs that take a while, and drafts that are not saved yet."""
