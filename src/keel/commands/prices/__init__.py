"""``keel prices``: a file a command."""
