"""A document as plain values: what stands on paper, without a word about how it is set."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass

from keel.domain.brand import Paper
from keel.pack.paper.picture import Picture

_LETTER = frozenset({"USD", "CAD", "MXN", "COP", "CLP", "PHP"})


def usual_paper(currency: str) -> Paper:
    """The size of sheet that is usual where a currency is.

    >>> usual_paper("USD").value, usual_paper("EUR").value
    ('letter', 'a4')
    """
    return Paper.letter if currency in _LETTER else Paper.a4


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``quiet`` is set small and grey, as a note under a table."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Lead:
    """The sentence a section is read for, and under it what was measured."""

    text: str
    under: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what each is, one below another."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line; ``depth`` indents the first, ``strong`` is a total or a parent."""

    cells: tuple[str, ...]
    depth: int = 0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and lines; the first ``left`` are words, the others figures, set to the right.

    ``wide`` is the column that takes what is left of the width; −1: all are equally wide.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    left: int = 1
    wide: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture and what it shows in words, for who cannot see it."""

    picture: Picture
    alt: str


@dataclass(frozen=True, slots=True)
class Together:
    """Blocks that stay on one page."""

    blocks: tuple[Text | Bullets, ...]


Block = Text | Lead | Title | Bullets | Facts | Table | Figure | Together


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter that begins with its title."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole paper. ``made`` is its date in words; ``firm`` and ``line`` stand where a firm puts its name."""

    title: str
    subtitle: str
    made: str
    notice: str
    opening: tuple[Block, ...]
    sections: tuple[Section, ...]
    client: str = ""
    firm: str = ""
    line: str = ""
    language: str = "en"


def values(part: object) -> object:
    """The document as JSON values; a block and a mark name their kind.

    >>> values(Row(("Equity", "60.0%"), depth=1))
    {'kind': 'row', 'cells': ['Equity', '60.0%'], 'depth': 1, 'strong': False}
    """
    if is_dataclass(part) and not isinstance(part, type):
        named = {field.name: values(getattr(part, field.name)) for field in fields(part)}
        return {"kind": type(part).__name__.lower(), **named}
    if isinstance(part, tuple):
        return [values(item) for item in part]
    return part
