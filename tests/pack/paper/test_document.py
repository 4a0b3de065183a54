"""A document as JSON values."""

from __future__ import annotations

import json

from tests.pack.materials import material

from keel.pack.paper.document import Bullets, Lead, Table, values
from keel.pack.sections.whole import whole


def test_each_block_names_its_kind_and_holds_plain_values() -> None:
    assert values(Bullets(("a",))) == {"kind": "bullets", "items": ["a"], "quiet": False}
    assert values(Lead("It fell.")) == {"kind": "lead", "text": "It fell.", "under": ""}
    assert values(Table(("A",), ())) == {"kind": "table", "columns": ["A"], "rows": [], "left": 1, "wide": 0}


def test_a_whole_document_is_json() -> None:
    text = json.dumps(values(whole(material())), allow_nan=False)
    assert json.loads(text)["title"] == "Calm sea"
