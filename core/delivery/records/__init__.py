"""What people write about the plan: read as it stands on a day, and written."""
