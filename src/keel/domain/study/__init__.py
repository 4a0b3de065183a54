"""What a backtest or a sweep is asked, and what may be said of the answer."""
