"""The cards of official statistics, one school a workbook, read into our sheets."""
