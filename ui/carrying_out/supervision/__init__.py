"""督查督导: the ledger, visits to schools, letters, the leading group's pack, and the files attached to them."""
