"""Shares inside a bucket by skfolio, which nothing else imports: it takes 8 seconds to load."""
