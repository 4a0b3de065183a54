"""Which instrument a file means: the choice, the ISIN, the symbol, the name, and nobody where several may be meant."""

from __future__ import annotations

from datetime import date

from keel.domain.portfolio.activity import Activity, ActivityKind
from keel.domain.portfolio.held.matching import Called, Directory, called

DIRECTORY = Directory(
    chosen={"TOTAL": ("vti",)},
    isin={"US1": ("vti",), "US2": ("bnd",)},
    symbol={"VTI": ("vti",), "BND": ("bnd",)},
    name={"total bond": ("bnd",), "trust": ("a", "b")},
    isins={"vti": ("US1",), "bnd": ("US2",)},
)


def test_a_choice_comes_before_an_isin_and_that_before_symbol_and_name() -> None:
    assert DIRECTORY.find(Called("TOTAL", "US2")) == "vti"
    assert DIRECTORY.find(Called("VTI", "US2")) == "bnd"
    assert DIRECTORY.find(Called("VTI", name="Total bond")) == "vti"
    assert DIRECTORY.find(Called("X", name="Total Bond")) == "bnd"


def test_another_isin_is_another_product_and_a_name_of_two_is_nobodys() -> None:
    assert DIRECTORY.find(Called("VTI", "IE9")) is None
    assert DIRECTORY.find(Called("X", name="Trust")) is None


def test_a_record_calls_its_product_by_symbol_else_isin_else_name() -> None:
    told = Activity(ActivityKind.buy, date(2026, 1, 5), "", 1, isin="US1", name="Total market")
    assert called(told) == Called("", "US1", "Total market")
    assert (called(told).text, Called("", name="N").text) == ("US1", "N")
