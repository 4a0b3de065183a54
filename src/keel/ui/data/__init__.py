"""The data page: where prices come from and what is stored of them."""
