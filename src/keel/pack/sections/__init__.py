"""The chapters of the paper, a file each: from records to blocks."""
