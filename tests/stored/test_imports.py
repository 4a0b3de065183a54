"""What was imported is listed and taken back from Python."""

from __future__ import annotations

from pathlib import Path

import pytest

import keel
from keel.errors import ImportNotFoundError

FILES = {
    "prices": (keel.import_prices, "date,OWN\n2025-01-02,10\n2025-01-03,11\n"),
    "universe": (keel.import_universe, "symbol,name,region\nOWN,Own fund,US\n"),
    "exposures": (keel.import_exposures, "symbol,holding,weight\nSPY,OWN,100%\n"),
}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("noun", FILES)
def test_an_import_is_listed_and_undone(noun: str, tmp_path: Path) -> None:
    take, text = FILES[noun]
    (tmp_path / "own.csv").write_text(text)
    if take is not keel.import_exposures:
        assert "import" not in take(tmp_path / "own.csv", preview=True)
        assert keel.list_imports(noun) == []
    made = take(tmp_path / "own.csv")
    assert [one["import"] for one in keel.list_imports(noun)] == [made["import"]]
    keel.undo_import(noun, str(made["import"]))
    assert keel.list_imports(noun) == []
    with pytest.raises(ImportNotFoundError):
        keel.undo_import(noun, "imp_none")


@pytest.mark.usefixtures("here")
def test_what_a_portfolio_took_in_is_undone(tmp_path: Path) -> None:
    made = keel.create_portfolio(keel.adopt_template("balanced").id)
    (tmp_path / "own.csv").write_text(f"symbol,quantity\n{made.picks[0].symbol},3\n")
    assert (
        "same_as" in keel.import_holdings(tmp_path / "own.csv", made.id, preview=True) or keel.holdings(made.id).empty
    )
    taken = keel.import_holdings(tmp_path / "own.csv", made.id)
    assert [one["import"] for one in keel.list_imports(made.id)] == [taken["import"]]
    keel.undo_import(made.id, str(taken["import"]))
    assert keel.holdings(made.id).empty
