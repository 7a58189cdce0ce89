"""What published figures say of the plan's metrics and targets, year by year."""
