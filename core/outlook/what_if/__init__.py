"""What a planner imagines: levers, the changes they make, what these cost, kept as scenarios."""
