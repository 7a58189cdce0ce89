"""The parts of the pages on figures and rules."""
