"""Where the reader is: the ids in the URL. Session state holds keys of widgets and unsaved edits, nothing else.

``?framework=…&version=…&portfolio=…&run=…`` (``profile`` and its ``risk``, ``present``, ``guide``, the run of a
workflow, and ``share``, the secret of a link) is the whole truth, so a copied link, a reload and the back button all
show the same thing. Pages read ``ids()``; ``link``, ``go`` and ``put`` change them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, NoReturn

import streamlit as st

from keel import journey, settings
from keel.domain.access.link import PARAMETER
from keel.journey import Need


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of the link; empty (or None) when absent. ``version`` None: the latest; ``present``: to a client."""

    framework: str = ""
    version: int | None = None
    portfolio: str = ""
    run: str = ""
    risk: str = ""
    present: bool = False
    profile: str = ""
    guide: str = ""
    share: str = ""

    @property
    def for_others(self) -> bool:
        """Whether the page is shown to somebody who is to look at it, and to go nowhere else."""
        return self.present or bool(self.share)

    def have(self) -> frozenset[Need]:
        """What there is to work on."""
        return frozenset(need for need in Need if getattr(self, need.value))


def parse(params: Mapping[str, str]) -> Ids:
    """The ids of query parameters; a version that is no number is ignored.

    >>> parse({"framework": "abc", "version": "3"})
    Ids(framework='abc', version=3, portfolio='', run='', risk='', present=False, profile='', guide='', share='')
    """
    version = params.get("version", "")
    return Ids(
        framework=params.get("framework", ""),
        version=int(version) if version.isdecimal() else None,
        portfolio=params.get("portfolio", ""),
        run=params.get("run", ""),
        risk=params.get("risk", ""),
        present=params.get("present") == "1",
        profile=params.get("profile", ""),
        guide=params.get("guide", ""),
        share=params.get(PARAMETER, ""),
    )


def query(ids: Ids) -> dict[str, str]:
    """The ids as query parameters, absent ones left out.

    >>> query(Ids(framework="abc", version=3))
    {'framework': 'abc', 'version': '3'}
    """
    values = {f.name: getattr(ids, f.name) for f in fields(ids)}
    return {name: "1" if value is True else str(value) for name, value in values.items() if value}


def ids() -> Ids:
    """The ids of the page that is open."""
    return parse(st.query_params.to_dict())


def put(changed: Ids) -> None:
    """Writes these ids into the URL of this page."""
    if changed != ids():
        st.query_params.from_dict(query(changed))


def forward(**changes: Any) -> Ids:
    """The ids of now with some replaced, as in ``forward(run=study.run_id)``."""
    return replace(ids(), **changes)


@cache
def page(step_id: str) -> st.Page:
    """The page of a step, for links to it; made once, as its file is looked for on the disk."""
    step = journey.find(step_id)
    file = settings.load().pages_dir / step.file
    return st.Page(file, title=step.title, url_path=step.id, default=step.id == journey.START)


def go(step_id: str, to: Ids | None = None) -> NoReturn:
    """Leaves for another step, with the ids of now or with ``to``."""
    st.switch_page(page(step_id), query_params=query(to or ids()))
