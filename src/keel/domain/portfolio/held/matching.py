"""Which instrument a file means: by what a person once chose, by ISIN, by symbol, by full name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from keel.domain.portfolio.activity import Activity


@dataclass(frozen=True, slots=True)
class Called:
    """What a file calls a product; what it does not say is empty."""

    symbol: str
    isin: str = ""
    name: str = ""

    @property
    def text(self) -> str:
        """The one text that stands for it: what its choice is remembered by, and its symbol where nobody knows it."""
        return self.symbol or self.isin or self.name


@dataclass(frozen=True, slots=True)
class Directory:
    """The instruments that bear a name, by id: what was chosen, ISINs, symbols, and full names in lower case.

    ``isins`` are those of each instrument that has any: a symbol stands for several products in several places, and
    another ISIN says that it is another one.
    """

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    isin: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    symbol: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    name: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    isins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, called: Called) -> str | None:
        """The id of the instrument that is meant; None where nobody or several bear the name.

        >>> directory = Directory(isin={"US9229087690": ("vti",)}, symbol={"VTI": ("vti",)})
        >>> directory.find(Called("", "US9229087690")), directory.find(Called("VT"))
        ('vti', None)
        """
        for ids in (self.chosen.get(called.text), self.isin.get(called.isin) if called.isin else None):
            if ids and len(ids) == 1:
                return ids[0]
        by_symbol = [id for id in self.symbol.get(called.symbol, ()) if self._may_be(id, called.isin)]
        by_name = self.name.get(called.name.lower(), ()) if called.name else ()
        for ids in (tuple(by_symbol), tuple(id for id in by_name if self._may_be(id, called.isin))):
            if len(ids) == 1:
                return ids[0]
        return None

    def _may_be(self, id: str, isin: str) -> bool:
        own = self.isins.get(id, ())
        return not isin or not own or isin in own


def called(a: Activity) -> Called:
    """What a record calls its product."""
    return Called(a.symbol, a.isin, a.name)
