"""What a request carries."""

from __future__ import annotations

import pytest

from keel.api.request import LARGEST, field, json_object
from keel.errors import ImportFormatError


def test_an_empty_body_is_an_empty_object() -> None:
    assert json_object(b"") == json_object(b" \n") == {}
    assert json_object(b'{"a": 1}') == {"a": 1}


@pytest.mark.parametrize("data", [b"{", b"[]", b"1", b'{"a": NaN}', b'{"a": "\\ud800"}', b"[" * 100_000, b"\xff"])
def test_a_body_that_is_no_object_is_refused(data: bytes) -> None:
    with pytest.raises(ImportFormatError, match="body"):
        json_object(data)


def test_a_field_has_its_type_or_is_named() -> None:
    body = {"n": 3, "name": "x", "yes": True, "huge": LARGEST + 1}
    assert (field(body, "n", int), field(body, "name", str), field(body, "other", str, "usual")) == (3, "x", "usual")
    for name, kind in (("n", str), ("yes", int), ("huge", int), ("missing", int)):
        with pytest.raises(ImportFormatError, match=name) as caught:
            field(body, name, kind)
        assert caught.value.column == name
