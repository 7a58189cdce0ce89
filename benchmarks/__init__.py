"""One script a number; each prints medians of one run and the ratios between them."""
