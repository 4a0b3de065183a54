"""Files that people bring: read from the disk, and what their columns become."""
