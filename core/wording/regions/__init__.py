"""Many counties in sentences."""
