"""A digest is of its secret alone, and does not tell it."""

from __future__ import annotations

from keel.domain.access.secret import BYTES, digest


def test_a_digest_is_of_its_secret_alone() -> None:
    assert digest("secret") == digest("secret") != digest("secret ")
    assert "secret" not in digest("secret")
    assert BYTES * 8 >= 256
