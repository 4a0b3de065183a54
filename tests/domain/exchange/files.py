"""Framework files for tests: made, refused, or read whatever they hold."""

from __future__ import annotations

import json

import pytest
from hypothesis import strategies as st

from keel.domain.exchange.framework_file import read_framework
from keel.domain.framework.validation import check
from keel.errors import ImportFormatError, KeelError

json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["buckets", "path", "target_weight", "rules", "holdings", "band", "rebalancing", "keel"])
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def refused(data: bytes | str, name: str = "mix.json") -> ImportFormatError:
    with pytest.raises(ImportFormatError) as caught:
        read_framework(data.encode() if isinstance(data, str) else data, name)
    error = caught.value
    assert error.message.startswith(name)
    assert error.message.isprintable()
    assert len(error.message) < 300
    return error


def buckets(*rows: object, **more: object) -> str:
    return json.dumps({"buckets": list(rows), **more})


def survives(data: bytes, name: str) -> None:
    said: list[str] = []
    try:
        made, notes = read_framework(data, name)
        said += [issue.message for issue in (*notes, *check(made))]
    except KeelError as error:
        said.append(error.message)
    assert all(message.isprintable() for message in said)
