"""``keel holdings import`` and ``undo``: taken in once, looked at first, taken back."""

from __future__ import annotations

from pathlib import Path

from tests.commands.conftest import Keel, refused
from tests.commands.holdings.conftest import PORTFOLIO

FILE = "symbol,quantity,account,cost,role\nSPY,10,IRA,150,frozen\nBND,5,IRA,,\nCASH,700,,,\nODD,1,,,\n"


def written(folder: Path, text: str = FILE, name: str = "h.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_looked_at_taken_in_once_and_taken_back(keel: Keel, example: None, tmp_path: Path) -> None:
    file = written(tmp_path)
    looked = keel("holdings", "import", file, "--portfolio", PORTFOLIO, "--preview", "--json").data
    assert [(c["symbol"], c["after"]) for c in looked["changes"]] == [
        ("BND", 5),
        ("SPY", 10),
        ("CASH USD", 700),
        ("ODD", 1),
    ]
    done = keel("holdings", "import", file, "--portfolio", PORTFOLIO, "--json")
    assert done.code == 0, done.err
    fields = ["import", "format", "matched", "unknown", "positions", "changed", "planned", "complaints"]
    assert list(done.data) == fields
    assert (done.data["matched"], done.data["positions"], done.data["changed"]) == (2, 4, 4)
    assert [one["symbol"] for one in done.data["unknown"]] == ["ODD"]
    assert "nothing changed" in keel("holdings", "import", file, "--portfolio", PORTFOLIO).out
    assert "counts no longer" in keel("holdings", "undo", done.data["import"]).out
    assert "Nothing is held yet" in keel("holdings", "show", "--portfolio", PORTFOLIO).out


def test_a_name_can_be_chosen_for(keel: Keel, example: None, tmp_path: Path) -> None:
    file = written(tmp_path, "symbol,quantity\nMY FUND,3\n", "chosen.csv")
    said = keel("holdings", "import", file, "--portfolio", PORTFOLIO, "--preview", "--choose", "MY FUND=SPY").out
    assert "Main: SPY 0 → 3" in said
    refused(keel("holdings", "import", file, "--portfolio", PORTFOLIO, "--choose", "SPY"), "NAME=SYMBOL")


def test_what_cannot_be_used_is_refused_in_one_line(keel: Keel, example: None, tmp_path: Path) -> None:
    bad = written(tmp_path, "symbol,quantity\nSPY,many\n")
    refused(keel("holdings", "import", bad, "--portfolio", PORTFOLIO), "h.csv, row 2, column quantity")
    refused(keel("holdings", "import", written(tmp_path), "--portfolio", "pf_0"), "There is no portfolio pf_0")
    refused(keel("holdings", "undo", "imp_0"), "There is no import imp_0")


def test_the_columns_of_any_table_can_be_said_once(keel: Keel, example: None, tmp_path: Path) -> None:
    file = written(tmp_path, "Was,Wieviel,Bemerkung\nSPY,10,x\n", "w.csv")
    refused(keel("holdings", "import", file, "--portfolio", PORTFOLIO), "w.csv", "column")
    said = '{"symbol": "Was", "quantity": "Wieviel"}'
    assert keel("holdings", "import", file, "--portfolio", PORTFOLIO, "--columns", said, "--json").data["changed"] == 1
    later = written(tmp_path, "Was,Wieviel,Bemerkung\nSPY,12,y\n", "x.csv")
    assert keel("holdings", "import", later, "--portfolio", PORTFOLIO, "--json").data["changed"] == 1


def test_without_a_portfolio_a_new_one_begins(keel: Keel, example: None, tmp_path: Path) -> None:
    file = written(tmp_path, "symbol,quantity\nSPY,10\nBND,10\n", "new.csv")
    done = keel("holdings", "import", file, "--name", "Ours", "--json")
    assert done.code == 0, done.err
    assert [pick["symbol"] for pick in done.data["picks"]] == ["SPY", "BND"]
    assert keel("drift", "--portfolio", done.data["portfolio"], "--json").data["rebalance_needed"] is False
