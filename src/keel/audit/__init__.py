"""The audit: a run's own trades replayed by an engine that shares no code with ours, and compared day by day."""
