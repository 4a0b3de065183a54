"""Secrets that let somebody in: told once, and kept as a digest."""

from __future__ import annotations

from hashlib import sha256

BYTES = 32  # of randomness in one: nobody guesses it


def digest(secret: str) -> str:
    """What is stored of a secret, from which it cannot be told: it has 256 random bits.

    >>> digest("a")[:8], len(digest(""))
    ('ca978112', 64)
    """
    return sha256(secret.encode()).hexdigest()
