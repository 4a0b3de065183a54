"""Who may do what: tokens for programs, links for people without an account."""
