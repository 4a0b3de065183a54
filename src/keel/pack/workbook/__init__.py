"""The workbook: sheets as plain cells, their sums alive, and the library that writes them."""
