"""What an investor can bear."""
