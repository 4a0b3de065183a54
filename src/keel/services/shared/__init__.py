"""What services share: it knows no user's intention, and services may import it."""
