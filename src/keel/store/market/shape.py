"""How the cells of a price file become prices, in the words of the database that reads it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from keel.domain.reading.day import DayForm, order_of
from keel.domain.reading.place import Place
from keel.store.connection import Cursor, first_row


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a CSV file has what. Positions count from 0; ``symbol`` None: ``symbols`` has the one of all rows.

    A wide file has ``price`` None, and a symbol for every column but the first. ``first_date`` is an example;
    ``names`` are those of all columns. ``decimal_comma`` and ``form`` are settled by the whole file (``readable``);
    ``said`` is the form of dates that may begin with the day or with the month.
    """

    place: Place
    separator: str
    above: int
    symbols: tuple[str, ...]
    first_date: str
    names: tuple[str, ...]
    date: int = 0
    symbol: int | None = None
    price: int | None = None
    raw: int | None = None
    volume: int | None = None
    decimal_comma: bool = False
    form: DayForm = DayForm.year_first
    said: DayForm | None = None
    numbered: bool = False


_SERIAL = re.compile(r"\d{5}(\.\d+)?", re.ASCII)
_GROUPED = r"\d{1,3},\d{3}"
_YEAR_LAST = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{4}", re.ASCII)


def number(text: str | None) -> float | None:
    """The number of a complaint's cell, None for text."""
    try:
        return None if text is None or "_" in text or math.isnan(float(text)) else float(text)
    except ValueError:
        return None


def readable(cursor: Cursor, given: dict[str, str], shape: Shape) -> Shape:
    """The shape with the form of its dates and what a comma is in its numbers. Raises ImportFormatError."""
    return _with_comma(cursor, given, _with_form(cursor, given, shape))


def _with_form(cursor: Cursor, given: dict[str, str], shape: Shape) -> Shape:
    example = shape.first_date.replace("T", " ", 1).partition(" ")[0]
    if _SERIAL.fullmatch(example):
        return replace(shape, form=DayForm.serial)
    found = _YEAR_LAST.fullmatch(example)
    if found is None:
        return shape
    parts = [f"max(try_cast(split_part({_cell(shape.date)}, '{found[1]}', {n}) as integer))" for n in (1, 2)]
    row = first_row(cursor.execute(f"select {', '.join(parts)} from {_file(shape)}", given)) or (0, 0)  # noqa: S608
    at = Place(shape.place.file, shape.above + 1, "date")
    return replace(shape, form=order_of(example, row[0] or 0, row[1] or 0, at, shape.said))


def _with_comma(cursor: Cursor, given: dict[str, str], shape: Shape) -> Shape:
    if shape.separator == ",":
        return shape
    text = "price_text"
    row = first_row(
        cursor.execute(
            f"select coalesce(bool_or(contains({text}, ',')), false), coalesce(bool_or(contains({text}, '.')), false),"  # noqa: S608
            f" coalesce(bool_and(regexp_full_match({text}, '{_GROUPED}')) filter (contains({text}, ',')), false),"
            f" coalesce(bool_or(not contains({text}, ',')) filter ({text} <> ''), false) from ({_cells(shape)})",
            given,
        )
    )
    commas, points, grouped, whole = row or (False, False, False, False)
    hint = "Write the numbers with points, such as 1234.5."
    if commas and points:
        raise shape.place.error("some numbers have a decimal comma, others a point.", hint)
    if commas and grouped and whole:
        raise shape.place.error("1,234 may be a thousand and more here, or one and a fraction.", hint)
    return replace(shape, decimal_comma=bool(commas))


def price_columns(shape: Shape) -> str:
    """The question for the rows of ``$given``: symbol, day, close, adjusted_close, volume, and whether one is bad.

    With ``numbered`` also how many lines with text there are up to its own, the text of the date, and of a bad cell
    its text and kind (price, raw, volume).
    """
    price, raw, volume = (_value(f"{name}_text", shape) for name in ("price", "raw", "volume"))
    bad_volume = "(volume_text <> '' and coalesce(volume, -1) < 0)"
    bad = {"price": _bad("price"), "raw": _bad("raw"), "volume": bad_volume}
    close = "raw" if shape.raw is not None else "price"
    wrong = " ".join(f"when {test} then {{'kind': '{kind}', 'text': {kind}_text}}" for kind, test in bad.items())
    beside = f"line, date_text, case {wrong} end as wrong, " if shape.numbered else ""
    return (
        f"select {beside}symbol, day, {close} as close, price as adjusted_close, volume,"  # noqa: S608
        f" (day is null or coalesce(symbol, '') = '' or {' or '.join(bad.values())}) as is_bad"
        f" from (select *, {_day(shape)} as day, {price} as price, {raw} as raw, {volume} as volume"
        f" from ({_cells(shape)}) where {_filled(shape)})"
    )


def _filled(shape: Shape) -> str:
    """A condition: something stands in the row. A wide file's symbols stand above it."""
    cells = ["price_text", "date_text", *(["symbol"] if shape.symbol is not None else []), "raw_text", "volume_text"]
    return "(" + " or ".join(f"{cell} <> ''" for cell in cells) + ")"


def _bad(name: str) -> str:
    """A condition: the cell holds something that is no price."""
    empty = f"{name}_text = '' or lower({name}_text) = 'nan'"
    return f"(not ({empty}) and ({name} is null or not isfinite({name}) or {name} <= 0 or contains({name}_text, '_')))"


def _value(column: str, shape: Shape) -> str:
    text = f"replace({column}, ',', '.')" if shape.decimal_comma else column
    value = f"try_cast({text} as double)"
    return f"case when isnan({value}) then null else {value} end"


def _day(shape: Shape) -> str:
    text = "date_text"
    part = f"split_part(replace({text}, 'T', ' '), ' ', 1)"
    match shape.form:
        case DayForm.serial:
            day = f"date '1899-12-30' + try_cast(split_part({text}, '.', 1) as integer)"
            return f"case when length(split_part({text}, '.', 1)) = 5 then {day} end"
        case DayForm.day_first | DayForm.month_first:
            mark = next(c for c in shape.first_date if not c.isdigit())
            order = ("%d", "%m") if shape.form is DayForm.day_first else ("%m", "%d")
            return f"try_strptime({part}, '{mark.join((*order, '%Y'))}')::date"
        case DayForm.year_first:
            example = shape.first_date[:10]
            if len(example) >= 8 and example[:8].isdigit():
                return f"try_strptime({part}, '%Y%m%d')::date"
            if "." in example:
                return f"try_strptime({part}, '%Y.%m.%d')::date"
            day = f"try_cast(left({text}, 10) as date)"
            known = f"length({text}) >= 10 and {day} between date '0001-01-01' and date '9999-12-31'"
            return f"case when {known} then {day} end"


def _cells(shape: Shape) -> str:
    """The texts of each price: date_text, symbol, price_text, raw_text, volume_text and, numbered, the line."""
    line = f"row_number() over () + {shape.above} as line, " if shape.numbered else ""
    if shape.price is None:
        return _unpivoted(shape, line)
    symbol = quoted(shape.symbols[0]) if shape.symbol is None else _cell(shape.symbol)
    texts = [("date", shape.date), ("price", shape.price), ("raw", shape.raw), ("volume", shape.volume)]
    cells = ", ".join(f"{_cell(n) if n is not None else _NOTHING} as {name}_text" for name, n in texts)
    return f"select {line}{symbol} as symbol, {cells} from {_file(shape)}"  # noqa: S608


_NOTHING = "''"


def _unpivoted(shape: Shape, line: str) -> str:
    """A wide file as rows of one price each; a column is known by its position, its symbol looked up after."""
    names = "[" + ", ".join(map(quoted, shape.symbols)) + "]"
    columns = ", ".join(f"c{n}" for n in range(1, len(shape.symbols) + 1))
    kept = "line, " if line else ""
    return (
        f"select {kept}{names}[substr(place, 2)::integer] as symbol, {_cell(shape.date)} as date_text,"  # noqa: S608
        f" trim(coalesce(price_cell, '')) as price_text, '' as raw_text, '' as volume_text from"
        f" (unpivot (select {line}* from {_file(shape)}) on {columns} into name place value price_cell)"
    )


def quoted(text: str) -> str:
    """A text as the database's language writes it."""
    return "'" + text.replace("'", "''") + "'"


def _cell(position: int) -> str:
    return f"trim(coalesce(c{position}, ''))"


def _file(shape: Shape) -> str:
    columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(shape.names)))
    mark = shape.separator.replace("\t", "\\t")
    return (
        f"read_csv($given, header = false, auto_detect = false, skip = {shape.above}, delim = '{mark}', quote = '\"',"
        f" escape = '\"', columns = {{{columns}}}, null_padding = true, max_line_size = 4000000)"
    )
