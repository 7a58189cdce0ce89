"""Copies of the data file for processes that only read: left at every write, taken up before the next page."""
