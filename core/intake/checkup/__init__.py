"""What is wrong or odd in a dataset, at the cell."""
