"""The paper as a whole: chapters without anything to say are left out."""

from __future__ import annotations

from dataclasses import replace

from tests.pack.materials import held, material, planned

from keel import vocabulary
from keel.pack.paper.document import Bullets, Table
from keel.pack.sections.whole import whole


def test_where_it_stands_is_there_only_when_something_is_held() -> None:
    without = [section.title for section in whole(material()).sections]
    assert without == ["Investment policy", "Backtest of the policy", "What the numbers rest on"]
    assert [section.title for section in whole(held()).sections] == [without[0], "Where it stands", *without[1:]]
    traded = replace(held(), plan=planned())
    assert [section.title for section in whole(traded).sections][1:3] == ["Where it stands", "The plan"]


def test_the_cover_names_who_for_whom_and_when() -> None:
    document = whole(material())
    assert (document.firm, document.client, document.made) == ("Harbour & Lane", "The Okafor family", "21 Nov 2026")
    assert document.notice == vocabulary.HYPOTHETICAL


def test_more_policies_than_a_page_takes_are_said_and_long_names_cut() -> None:
    made = material()
    many = replace(made, results=tuple(replace(made.results[0], name=f"{n} {'long ' * 9}") for n in range(9)))
    sections = whole(many).sections
    table = next(block for block in sections[1].blocks if isinstance(block, Table))
    assert len(table.columns) == 7
    assert max(map(len, table.columns)) == 25
    said = [item for block in sections[2].blocks if isinstance(block, Bullets) for item in block.items]
    assert "3 more policies were run; the workbook has them all." in said
