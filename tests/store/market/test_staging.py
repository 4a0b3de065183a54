"""Large files come to the same prices and complaints as small ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from keel.errors import ImportFormatError
from keel.sources.files.large import LargeFile, find_large
from keel.sources.files.prices import read_price_file
from keel.store.market.shape import Shape
from keel.store.market.staging import Staged, of_file, of_matrix

FILES = {
    "wide": "date,B,A\n2020-01-31,1.5,2\n2020-02-29,,3\n",
    "german": "date;B;A\n31.01.2020;1,5;2\n29.02.2020;;3\n",
    "long": "date,symbol,close,adj close,volume\n2020-02-29,A,3,2.5,\n2020-01-31,A,2,1.5,1\n2020-01-31,O'B,1.5,1,4\n",
    "one": "Date,Open,Close,Volume\n01/31/2020,1,2,10\n02/29/2020,1,3,\n",
    "serial": "date,A\n43861,2\n43890,3\n",
    "times": "date,A\n2020-01-31 16:00:00,1\n",
    "compact": "# a remark\ndate,A\n20200131,1.25\n",
    "tail": 'date,A,\n2020-01-31,"1.5",\n2020-02-01,2,\n',
    "text": "date,A\n2020-01-31,x\n",
    "zero": "date,A,B\n2020-01-31,1,0\n",
    "below": "date,symbol,close,volume\n2020-01-31,A,1,-1\n",
    "infinite": "date,A\n2020-01-31,inf\n",
    "underscore": "date,A\n2020-01-31,1_0\n",
    "no day": "date,A\n2020-01-31,1\n2020-02-30,2\n",
    "twice": "date,symbol,close\n2020-01-31,A,1\n2020-02-29,A,1\n2020-01-31,A,2\n",
    "unclear": "date,A\n01/02/2020,1\n",
    "raw": "date,symbol,close,adj close\n2020-01-31,A,0,1\n",
    "empty": "date,A\n2020-01-31,\n",
    "short": "date,A,B\n2020-01-31,1\n2020-02-29,2,3\n2020-03-31\n",
    "short rows of one": "date,symbol,close,volume\n2020-01-31,A,1\n2020-02-29,A\n",
    "blank": "date,A,B\n\n2020-01-31,1,2\n,,\n\n2020-02-29,2,3\n\n",
    "bad after blank": "date,A\n\n2020-01-31,1\n\n\n2020-02-29,x\n",
    "twice after blank": "# above\ndate,symbol,close\n\n2020-01-31,A,1\n,,\n\n2020-01-31,A,2\n",
    "no day after blank": "date,symbol,close\n\n2020-01-31,A,1\n\n,A,2\n",
    "nobody": "date,symbol,close\n2020-01-31,,1\n",
}


def shape_of(file: LargeFile) -> Shape:
    shape = Shape(file.place, file.separator, file.above, file.symbols, file.first_date, file.names)
    c = file.columns
    return shape if c is None else replace(
        shape, date=c.date, symbol=c.symbol, price=c.price, raw=c.raw, volume=c.volume
    )  # fmt: skip


def told(staged: Staged) -> Any:
    return staged.series, staged.read().read_all().to_pydict()


def streamed(path: Path) -> Any:
    file = find_large(path, "p.csv", 0)
    assert file is not None
    with of_file(path, shape_of(file)) as staged:
        return told(staged)


def whole(path: Path) -> Any:
    file = read_price_file(path, "p.csv")
    return told(of_matrix(file.prices, file.raw, file.volume))


def outcome(read: Any, path: Path) -> Any:
    try:
        return read(path)
    except ImportFormatError as error:
        return error.message


@pytest.mark.parametrize("name", FILES)
def test_a_streamed_file_is_what_a_whole_one_is(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name} [1]'s.csv"
    path.write_text(FILES[name], encoding="utf-8")
    assert outcome(streamed, path) == outcome(whole, path)


def test_series_take_their_places_in_the_order_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(FILES["long"], encoding="utf-8")
    file, read = find_large(path, "p.csv", 0), read_price_file(path, "p.csv")
    assert file is not None
    backwards = lambda symbols: sorted(symbols, reverse=True)  # noqa: E731
    with of_file(path, shape_of(file), backwards) as staged:
        large = told(staged)
    assert large == told(of_matrix(read.prices, read.raw, read.volume, backwards))
    assert [series.symbol for series in large[0]] == ["O'B", "A"]
    assert large[1]["close"] == [1.5, 2.0, 3.0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("date,A,B\n2020-01-31,1,2\n2020-02-01,1,2,3\n", "row 3: the row cannot be split into 3 cells"),
        ('date,A\n2020-01-31,"1\n"\n2020-02-01\n', "a cell holds a line break"),
        ("date;A\n2020-01-31;1,5\n2020-02-29;1.5\n", "some numbers have a decimal comma, others a point"),
        ("date;A\n2020-01-31;1,500\n2020-02-29;999\n", "1,234 may be a thousand and more here"),
        ("date,A\n2020-01-31,1\n2020-01-31,2\n", "row 3, column date: A has a price on 2020-01-31 already"),
    ],
)
def test_what_a_streamed_file_is_refused_for(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "p.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ImportFormatError, match=words):
        streamed(path)
