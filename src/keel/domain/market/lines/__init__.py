"""What is done with lines of closes: compared with one another, converted, spoken of."""
