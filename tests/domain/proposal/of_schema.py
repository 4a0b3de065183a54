"""Values of a JSON Schema as a generator is held to it, its edges included."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

LETTERS = st.sampled_from("Aa/ \t\n\x1c\x1f\x85\u2028é水.,:;\"'\\{}0-%_😀")
WORDS = st.one_of(
    st.sampled_from(["AssetClass/Equity", "AssetClass/Bonds", "AssetClass/Equity/US", "/", "A//B", " / ", "A/ /B"]),
    st.text(LETTERS, max_size=12),
    st.integers(1, 300).map(lambda n: ("a/" * n)[:n]),
)


def drawn(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of a schema, in the words that ours are written in."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"]:
        case "object":
            fields = {name: drawn(one) for name, one in schema["properties"].items()}
            optional = {name: one for name, one in fields.items() if name not in schema["required"]}
            return st.fixed_dictionaries({n: fields[n] for n in schema["required"]}, optional=optional)
        case "array":
            return st.lists(drawn(schema["items"]), min_size=schema["minItems"], max_size=min(3, schema["maxItems"]))
        case "number":
            low, high = schema.get("minimum", -1e308), schema.get("maximum", 1e308)
            edges = st.sampled_from([low, high, 0, 0.5, 5e-324, *([10**400] if high > 1e300 else [])])
            return edges | st.floats(low, high)
        case "string":
            fits, most = re.compile(schema["pattern"]), schema["maxLength"]
            return WORDS.filter(lambda text: len(text) <= most and fits.search(text) is not None)
    raise AssertionError(schema)
