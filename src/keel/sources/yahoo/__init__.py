"""Public prices and facts from Yahoo, through the library yfinance, which is imported when it is used."""
