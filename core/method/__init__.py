"""The calculation: one SELECT a file, composed by the engine, answered as an Assessment."""
