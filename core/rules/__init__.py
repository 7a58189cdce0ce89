"""The national standard and the county's plan as typed, cited values."""
