"""Where people begin: the county at a glance, a township at a glance, a wall display."""
