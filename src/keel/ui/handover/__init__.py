"""What is handed to a client: the pack, and pages without controls."""
