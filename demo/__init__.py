"""The maker of the invented demonstration county: its figures, and its history of carrying out the plan."""
