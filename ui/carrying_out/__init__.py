"""The parts of the pages on carrying out the plan."""
