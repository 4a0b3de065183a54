"""The X-ray tab: the portfolio through its products, what two of them share, and files that say what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from keel import units, vocabulary
from keel.domain.constraints.exposures import UNKNOWN
from keel.domain.lookthrough.members import TITLES
from keel.domain.lookthrough.overlap import in_words
from keel.domain.lookthrough.words import finding
from keel.domain.lookthrough.xray import LAST, Dimension
from keel.errors import KeelError
from keel.services import design, mapping
from keel.services.lookthrough import imports
from keel.services.lookthrough import xray as service
from keel.sources.files.disk import spooled
from keel.sources.files.exposures import EXPOSURES_LIMIT
from keel.ui.charts.weights import held_and_targeted
from keel.ui.frame import imported, widgets
from keel.ui.frame.verdicts import verdicts

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from keel.domain.lookthrough.xray import XRay
    from keel.domain.study.question import Question
    from keel.store.connection import Database
    from keel.store.market.exposures import ExposureImport, PartsSource

WHOLE = "The whole portfolio"
NOUN = "exposures"
BY = {title: name for name, title in TITLES.items() if name != "company"} | {"Bucket": "bucket", "Company": "company"}
MOST_SLICES = 14  # in the picture; the rest is counted
MOST_COMMON = 8


def show(db: Database, question: Question) -> None:
    """Draws one dimension of the portfolio or of one of its products, the limits, and what is behind."""
    portfolio = mapping.get_portfolio(db, question.portfolio_id, question.portfolio_version)
    symbols = tuple(dict.fromkeys(pick.symbol for pick in portfolio.picks))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tip = vocabulary.tip("X-ray")
        chosen = st.selectbox("Look through", (WHOLE, *symbols), key="xray-of", width=220, help=tip)
        by = st.segmented_control("By", list(BY), default="Asset class", required=True, key="xray-by", wrap=True)
    if chosen == WHOLE:
        seen = service.xray(db, question.portfolio_id, question.portfolio_version)
        _dimension(_of(seen.xray, by))
        verdicts(seen.verdicts)
    else:
        framework = design.get_framework(db, portfolio.framework_id, portfolio.framework_version)
        made = service.made_of(db, chosen, framework)
        _dimension(_of(made.xray, by))
        _sources(chosen, made.sources)
    with st.expander("What two products have in common", on_change="rerun", key="xray-overlap") as box:
        if box.open:
            _overlap(db, symbols)
    with st.expander("Say what products hold", on_change="rerun", key="xray-imports") as box:
        if box.open:
            _imports(db)


def _of(found: XRay, by: str) -> Dimension:
    return next(dimension for dimension in found if dimension.name == BY[by])


def _sources(symbol: str, sources: Sequence[PartsSource]) -> None:
    said = [f"{TITLES[s.kind].lower()} by {s.source}, {units.day(s.as_of)}" for s in sources if s.kind in TITLES]
    words = "; ".join(said) or "nobody says what is in it: it counts as what its facts call it"
    st.caption(widgets.plain(f"{symbol}: {words}."))


def _dimension(dimension: Dimension) -> None:
    st.subheader(widgets.plain(finding(dimension)), anchor=False)
    slices, more = dimension.slices[:MOST_SLICES], dimension.slices[MOST_SLICES:]
    if not slices:
        return
    fig = held_and_targeted(
        [s.label for s in slices],
        [s.held for s in slices],
        [None if s.member == UNKNOWN else s.target for s in slices],
        [s.member in LAST for s in slices],
    )
    words = ", ".join(f"{s.label} {units.pct(s.held)}" for s in slices)
    widgets.chart(fig, alt=f"Held by {dimension.title.lower()}: {words}", key=f"xray-{dimension.name}")
    rest = f" {len(more)} more make {units.pct(sum(s.held for s in more))}." if more else ""
    about = "Bar: held through the products."
    ticks = " Tick: what the targets imply." if any(s.target for s in slices if s.member != UNKNOWN) else ""
    st.caption(f"{about}{ticks}{rest}")


def _overlap(db: Database, symbols: tuple[str, ...]) -> None:
    if len(symbols) < 2:
        st.markdown("There is one product only.")
        return
    with st.container(horizontal=True):
        first = st.selectbox("Of", symbols, index=0, key="overlap-first", width=200)
        second = st.selectbox("and", symbols, index=1, key="overlap-second", width=200)
    found = service.overlap(db, first, second)
    st.markdown(widgets.plain(in_words((first, second), found)))
    if found.common:
        lines = [f"{c.company} {units.pct(min(c.first, c.second))}" for c in found.common[:MOST_COMMON]]
        st.caption(widgets.plain(f"Most of it: {', '.join(lines)}."))


def _imports(db: Database) -> None:
    """A file to look at and import, and what came by files before."""
    st.markdown(
        "A CSV file with `symbol,dimension,member,weight` (dimension: asset_class, region or sector) or "
        "`symbol,holding,weight`. What a product's weights leave to 100% is not known."
    )
    file = st.file_uploader("File", type="csv", max_upload_size=EXPOSURES_LIMIT // 1_000_000, key="exposure-file")
    if file is not None:
        _look(db, file)
    imported.refused(NOUN)
    imported.listed(imports.history(db), NOUN, _words, imports.undo)


def _words(made: ExposureImport) -> str:
    return f"**{widgets.plain(made.name)}** {widgets.plain(', '.join(made.symbols[:6]))}"


def _look(db: Database, file: UploadedFile) -> None:
    seen = imported.looked(file, NOUN, lambda path: imports.preview(db, path, file.name))
    if isinstance(seen, KeelError):
        widgets.problem(seen)
        return
    symbols = dict.fromkeys(parts.symbol for parts in seen.parts)
    said = [f"Says what {', '.join(symbols)} {'hold' if len(symbols) > 1 else 'holds'}.", *seen.notes]
    st.caption("  \n".join(widgets.plain(note) for note in said))
    if st.button("Import", key="import-exposures", icon=":material/upload:"):
        with spooled(file.getvalue()) as path:
            imports.commit(db, path, file.name, datetime.now(UTC).date())
        imported.forget()
        st.rerun(scope="fragment")
