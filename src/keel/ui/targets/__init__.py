"""The shares of products in a bucket, edited wherever a page shows them."""
