"""Files as brokers and trackers export them, one file a format."""
