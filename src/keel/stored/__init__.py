"""What the database holds, from Python: each function opens it and closes it again, so not while the server runs."""
