"""What there is to choose from: products, price series, datasets and benchmarks."""
