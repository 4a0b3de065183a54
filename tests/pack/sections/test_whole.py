"""The paper as a whole: chapters without anything to say are left out."""

from __future__ import annotations

from tests.pack.materials import held, material

from keel import vocabulary
from keel.pack.sections.whole import whole


def test_where_it_stands_is_there_only_when_something_is_held() -> None:
    without = [section.title for section in whole(material()).sections]
    assert without == ["Investment policy", "Backtest of the policy", "What the numbers rest on"]
    assert [section.title for section in whole(held()).sections] == [without[0], "Where it stands", *without[1:]]


def test_the_cover_names_who_for_whom_and_when() -> None:
    document = whole(material())
    assert (document.firm, document.client, document.made) == ("Harbour & Lane", "The Okafor family", "21 Nov 2026")
    assert document.notice == vocabulary.HYPOTHETICAL
