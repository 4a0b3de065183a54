"""What is handed over: a paper as PDF, a workbook as XLSX, and a bundle that computes again."""
