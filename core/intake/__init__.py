"""What an office hands in, up to the point where it may come into the store."""
