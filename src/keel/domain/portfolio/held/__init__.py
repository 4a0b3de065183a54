"""What records add up to, and what files call the products in them."""
