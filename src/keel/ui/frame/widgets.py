"""The small parts that pages share: primary button, grey line, charts, issue cards, locked and failing states."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from keel import journey, units, vocabulary
from keel.domain.issue import Finding, Fix, Severity
from keel.errors import EditConflictError, KeelError
from keel.journey import Need
from keel.ui.charts.tokens import CONFIG
from keel.ui.components import manners
from keel.ui.frame import session

if TYPE_CHECKING:
    import plotly.graph_objects as go

log = logging.getLogger("keel.ui")

FIVES = "5/25"  # a band, as policies are described
T = TypeVar("T")

A_PAGE = 20  # of a long list
MOST_CARDS = 20  # findings drawn; a browser takes seconds for thousands

_TITLED = "page-has-title"
_RISK = {"low": "Low risk", "medium": "Medium risk", "high": "High risk"}
_BADGE = {
    Severity.error: ":red-badge[:material/error: Error]",
    Severity.warning: ":orange-badge[:material/warning: Warning]",
}


def title(text: str, **kwargs: Any) -> None:
    """The page's finding, or its task; once a page."""
    st.session_state[_TITLED] = True
    st.title(plain(text), anchor=False, **kwargs)


def header(text: str) -> None:
    """A section of the page."""
    st.header(plain(text), anchor=False)


def subheader(text: str) -> None:
    """A part of a section."""
    st.subheader(plain(text), anchor=False)


def context(*parts: str) -> None:
    """The grey line under the title: what was measured, with what 5/25 means where it is said."""
    help = vocabulary.tip(f"{FIVES} band") if any(FIVES in part for part in parts) else None
    st.caption(f"{units.SPACE}· ".join(plain(part) for part in parts if part), help=help)


def settings(words: Sequence[str]) -> None:
    """The line under the grey one: what was set otherwise than usual; none when nothing was."""
    if words:
        st.caption(f":material/tune: {f'{units.SPACE}· '.join(plain(part) for part in words)}")


def either(names: Sequence[str]) -> str:
    """Names in a sentence.

    >>> either(["Balanced"]), either(["A", "B", "C"])
    ('Balanced', 'A, B or C')
    """
    return " or ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


_MARKS = re.compile(r"[\\`*_\[\]{}<>#$~|:&]|^\s*[-+=](?=\s|[-=])|^\s*\d+[.)](?=\s)", re.MULTILINE)
# Made of plain text after Markdown is read, whatever is escaped: links, icons, emoji, arrows.
_MADE = re.compile(
    r"(?<=https)(?=://)|(?<=http)(?=://)|(?<=www)(?=\.)|(?<=[-.\w+]@)(?=[-\w])|(?<=:)(?=[\w+/-]+:)"
    r"|(?<=(?<!\S)[<>~-])(?=(?:->|[->=])(?!\S))",
    re.IGNORECASE,
)
_JOINER = "\u2060"  # no width and no break: two halves of a word stay together, but are no address


def doubts(found: Sequence[Finding]) -> None:
    """Draws what makes the figures of a page doubtful, a card each with where it is put right; nothing without any."""
    for finding in found:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            said = f"{finding.message} {finding.affects}"
            name = finding.code.replace("_", " ").capitalize()
            st.markdown(f":orange-badge[:material/warning: {name}] {plain(said)}", width="stretch")
            if not session.ids().for_others:
                link(finding.step, finding.fix.rstrip("."))


def plain(text: str) -> str:
    """Text of a person, shown as it stands: nothing in it becomes a mark, link, picture, icon or emoji.

    >>> plain("*A* [b] $5")
    '\\\\*A\\\\* \\\\[b\\\\] \\\\$5'
    >>> plain("www.a.b"), plain(":material/home:"), plain("region:us, x")
    ('www\\u2060.a.b', '\\\\:\\u2060material/home\\\\:', 'region\\\\:us, x')
    """
    return _MARKS.sub(_escaped, _MADE.sub(_JOINER, text))


def _escaped(mark: re.Match[str]) -> str:
    """A mark with a backslash before its last character, the one that Markdown reads."""
    return f"{mark[0][:-1]}\\{mark[0][-1]}"


def action(label: str, **kwargs: Any) -> bool:
    """True when the page's one primary button was pressed; the theme's violet slot holds its text colour."""
    return st.button(label if kwargs.get("disabled") else f":violet[{label}]", type="primary", **kwargs)


def number(label: str, value: float, low: float, high: float, step: float, **kwargs: Any) -> float:
    """The number typed; ``value`` while the field is empty."""
    typed = st.number_input(label, float(low), float(high), float(value), float(step), format="%.6g", **kwargs)
    return value if typed is None else float(typed)


def link(step_id: str, label: str = "", to: session.Ids | None = None, **kwargs: Any) -> None:
    """A link to another step that keeps the ids, or carries ``to``. A locked one says why; its grey stays readable.

    There is none on what a shared link shows: it leads nowhere else.
    """
    here = session.ids()
    if here.share:
        return
    step = journey.find(step_id)
    target = to or here
    lacking = journey.lacks(step, target.have())
    words = label or step.title
    st.page_link(
        session.page(step_id),
        label=f":gray[{words}]" if lacking else words,
        icon=f":material/{step.icon}:",
        disabled=lacking is not None,
        help=journey.reason(lacking) if lacking else None,
        query_params=session.query(target),
        **kwargs,
    )


def chart(fig: go.Figure, alt: str, key: str, **kwargs: Any) -> Any:
    """The chart's selection state; ``alt`` says in words what is seen."""
    dark = manners.dark()
    if dark is not None:  # another figure for the browser, which draws it in the colours of the theme
        fig = type(fig)(fig, _validate=False).update_layout(meta={"dark": dark})
    return st.plotly_chart(fig, theme="streamlit", config=CONFIG, alt=alt, key=key, **kwargs)


def risk_badge(risk_band: str) -> None:
    """A framework's risk band; nothing when it has none."""
    if risk_band in _RISK:
        st.badge(_RISK[risk_band], color="gray")


def issue_card(issue: Finding, key: str, apply: Callable[[Fix], None] | None = None) -> None:
    """One finding with its remedies as buttons; pressing one calls ``apply`` before the page runs again."""
    with st.container(border=True):
        subject = f" **{plain(issue.subject)}**" if issue.subject else ""
        st.markdown(f"{_BADGE[issue.severity]}{subject}  \n{plain(issue.message)}")
        if apply is not None and issue.fixes:
            with st.container(horizontal=True):
                for i, fix in enumerate(issue.fixes):
                    st.button(plain(fix.label), key=f"{key}-{i}", on_click=apply, args=(fix,))
        elif issue.fix:
            st.caption(plain(issue.fix))


def issues(found: tuple[Finding, ...], key: str, apply: Callable[[Fix], None] | None = None, most: int = 6) -> None:
    """Cards of the findings, errors first; beyond ``most`` in an expander, which counts what it leaves out."""
    ranked = sorted(found, key=lambda issue: issue.severity is not Severity.error)
    for i, issue in enumerate(ranked[:most]):
        issue_card(issue, f"{key}-{i}", apply)
    if len(ranked) > most:
        with st.expander(f"{len(ranked) - most} more"):
            for i, issue in enumerate(ranked[most:MOST_CARDS], start=most):
                issue_card(issue, f"{key}-{i}", apply)
            if len(ranked) > MOST_CARDS:
                st.caption(f"{units.number(len(ranked) - MOST_CARDS, 0)} more are not shown. Correct these first.")


def page_of(items: Sequence[T], key: str, nouns: str) -> Sequence[T]:
    """The items of the page that is chosen, its choice drawn above them; all of them while they are few."""
    pages = -(-len(items) // A_PAGE)
    if pages < 2:
        return items
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.pagination(pages, key=f"{key}-of-{pages}")
        first = (chosen - 1) * A_PAGE
        shown = items[first : first + A_PAGE]
        st.caption(f"{nouns} {first + 1} to {first + len(shown)} of {units.number(len(items), 0)}", width="content")
    return shown


def locked(step: journey.Step, need: Need) -> None:
    """A step opened before its time: what it needs, and the way there."""
    way = journey.way_to(need, session.ids().have())
    title(f"{step.title} is not open yet")
    st.markdown(journey.reason(need) + ".")
    if action(f"Go to {way.title.lower()}", key="way-on"):
        session.go(way.id)


def unsaved(words: str, how: str) -> None:
    """A mark that what is on the page is a draft; ``how`` names what makes more of it."""
    st.badge(words, icon=":material/edit:", color="orange", help=f"{how} Until then they stay here as a draft.")


def problem(error: KeelError) -> None:
    """What was refused and what to do, where the person stands."""
    hint = f"  \n{plain(error.hint)}" if error.hint else ""
    st.markdown(f":red-badge[:material/error: Error] **{plain(error.message)}**{hint}")


def failure(error: Exception) -> None:
    """What went wrong in one sentence, what to do, and one way on. Only our own errors speak for themselves."""
    if not isinstance(error, KeelError):
        log.error("unexpected error on a page", exc_info=error)
        hint = "Nothing was lost; the server's log holds the details."
        error = KeelError("Something went wrong on this page.", hint=hint)
    if not st.session_state.get(_TITLED):
        title("This cannot be shown")
    with st.container(border=True):
        problem(error)
        if isinstance(error, EditConflictError):
            link("allocation", f"Open version {error.current}", session.forward(version=error.current))
        else:
            link(journey.START, "Back to the start", session.Ids())


def on_script_error(error: Exception) -> bool:
    """True: the error of a callback or a fragment was shown as a card."""
    failure(error)
    return True


@contextmanager
def failures() -> Iterator[None]:
    """A block whose errors become a card; never a traceback on the page."""
    st.session_state[_TITLED] = False
    try:
        yield
    except Exception as error:  # the last line of defence: a page shows a sentence, the log the rest
        failure(error)
