"""The same evaluation written for other engines, to be timed beside the platform's: rows, coefficients, class counts.

Each takes the relations of one school year of a lake as frames (`work.Facts`) and answers `work.Answers`, by the default
readings only. They are no part of the program.
"""
