"""Everything that the plan's pages are a function of, and the computed status of each sub-item."""
