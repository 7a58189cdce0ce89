"""The parts of the pages that look ahead."""
