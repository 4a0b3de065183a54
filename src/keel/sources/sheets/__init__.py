"""Spreadsheets: their cells as rows, and frameworks in them."""
