"""The parts of the pages that say how the county is judged."""
