"""The products of a bucket, read from a file."""

from __future__ import annotations

from keel.domain.framework.records import Holding
from keel.domain.issue import Finding
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_list, read_object, read_text, read_weight, require_few, unknown_fields

MOST_IN_A_BUCKET = 1_000


def read_holdings(value: object, place: Place) -> tuple[tuple[Holding, ...], tuple[Finding, ...]]:
    """The products of a bucket, ``[{"symbol", "share"}…]``; a single one may leave out its share."""
    items = read_list(value, place)
    require_few(len(items), MOST_IN_A_BUCKET, "products", place)
    holdings: list[Holding] = []
    notes: list[Finding] = []
    for n, item in enumerate(items):
        at = place.item(n)
        given = read_object(item, at)
        notes.extend(unknown_fields(given, ("symbol", "share"), at))
        symbol = read_text(given.get("symbol"), at.field("symbol"))
        if not symbol:
            raise at.field("symbol").error("is empty.", "Write the product's symbol, such as VTI.")
        share = given.get("share", 1.0 if len(items) == 1 else None)
        holdings.append(Holding(symbol, read_weight(share, at.field("share"))))
    return tuple(holdings), tuple(notes)
