"""Models that propose, over the network; pydantic-ai speaks to them."""
