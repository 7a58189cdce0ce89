"""The county's workbook as a contract: its dictionary, its sheets, kinds of school, cells and typed rows."""
