"""Profiles of investors, and runs that lead from step to step."""
