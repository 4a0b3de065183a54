"""A long list a page at a time: as many rows as asked for, and where the next ones are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Query, Request, Response

USUAL = 100  # rows
MOST = 1_000
TOTAL = "X-Total-Count"

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page:
    """The rows that a request asks for, and the headers of its answer."""

    limit: int
    offset: int
    request: Request
    response: Response

    def of(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows of the page; ``X-Total-Count`` says how many there are, ``Link`` where the next page is."""
        end = self.offset + self.limit
        self.response.headers[TOTAL] = str(len(rows))
        if end < len(rows):
            following = self.request.url.include_query_params(limit=self.limit, offset=end)
            address = f"{following.path}?{following.query}"
            self.response.headers["Link"] = f'<{address}>; rel="next"'
        return rows[self.offset : end]


def _page(
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Rows of a page.")] = USUAL,
    offset: Annotated[int, Query(ge=0, le=10_000_000, description="Rows before the page.")] = 0,
) -> Page:
    return Page(limit, offset, request, response)


Paged = Annotated[Page, Depends(_page)]
