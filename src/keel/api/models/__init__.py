"""What REST is sent and what it answers, as models: the OpenAPI document is made of them."""
