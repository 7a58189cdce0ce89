"""申报材料: the self-evaluation report, the declaration's tables, the boxes of evidence."""
