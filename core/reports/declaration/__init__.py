"""申报表 表Ⅰ–表Ⅵ: in the form's columns and rounding, as a workbook to sign, checked against one another."""
