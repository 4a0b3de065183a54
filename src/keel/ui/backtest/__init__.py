"""The backtest page."""
