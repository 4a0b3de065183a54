"""Models of backtests, sweeps and splits."""
