"""What every page stands in: the shell, the session, the open database, common widgets."""
