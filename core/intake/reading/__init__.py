"""A file into sheets of raw cells, and these into typed rows."""
