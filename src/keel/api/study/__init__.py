"""Backtests, stored runs, sweeps and splits over REST."""
