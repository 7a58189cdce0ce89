"""What is missing, in whole units: for a school row, and for a coefficient."""
