"""Whether a comma in a file's numbers is decimal: told by the file as a whole, and refused where it may be another."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keel.domain.reading.place import Place

_GROUPED = re.compile(r"\d{1,3},\d{3}", re.ASCII)
_HINT = "Write the numbers with points, such as 1234.5."


@dataclass(slots=True)
class Decimals:
    """What the numbers of one file look like; ``comma``: its separator leaves commas free to be decimal."""

    comma: bool
    _comma_at: Place | None = None
    _point_at: Place | None = None
    _grouped: bool = True
    _whole: bool = False

    def see(self, cell: str, place: Place) -> None:
        """Takes one number. Raises ImportFormatError where a comma meets a point."""
        if "," not in cell:
            self.see_points("." in cell, place)
            return
        if self._comma_at is None:
            self._comma_at = place
            self._require_one_kind(place)
        self._grouped = self._grouped and bool(_GROUPED.fullmatch(cell))

    def see_points(self, some: bool, place: Place) -> None:
        """Takes a row of numbers without a comma, in which some have a point or none."""
        if some and self._point_at is None:
            self._point_at = place
            self._require_one_kind(place)
        self._whole = self._whole or not some

    def require_clear(self, place: Place) -> None:
        """Raise where 1,234 may be a thousand and more: every comma stands before three digits, and some have none."""
        if self._comma_at is not None and self._grouped and self._whole:
            what = "1,234 may be a thousand and more here, or one and a fraction."
            raise Place(place.file, self._comma_at.row, self._comma_at.column).error(what, _HINT)

    def _require_one_kind(self, place: Place) -> None:
        if self._comma_at is not None and self._point_at is not None:
            raise place.error("some numbers have a decimal comma, others a point.", _HINT)
