"""What is handed over of a study: a paper, a workbook, and a bundle that computes again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from keel.domain.brand import LONGEST_LINE, Brand, Paper, read_logo, read_name, read_paper
from keel.domain.constraints.evaluation import judge
from keel.domain.constraints.types import Stage
from keel.domain.portfolio.records import by_path
from keel.errors import InputError
from keel.pack.material import Beside, Material
from keel.pack.paper.document import usual_paper
from keel.services.shared.exposed import exposed_picks
from keel.services.shared.held.drifted import drift_now
from keel.store import brands, frameworks, portfolios
from keel.store.connection import Database
from keel.store.holdings import plans

if TYPE_CHECKING:
    from keel.domain.drift.report import DriftReport
    from keel.domain.framework.records import Framework
    from keel.pack.bundle.replay import Replay
    from keel.services.study import Study


def material(db: Database, study: Study, made: date) -> Material:
    """Everything a client pack of a study shows, as of the day it is made."""
    question = study.question
    portfolio = portfolios.get(db, question.portfolio_id, question.portfolio_version)
    framework = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    exposures = exposed_picks(db, framework, by_path(portfolio.picks))
    beside = study.beside
    return Material(
        framework=framework,
        portfolio=portfolio,
        question=question,
        results=study.results,
        prices=study.prices,
        made=made,
        benchmark=Beside(study.benchmark, beside.prices, beside.frequency) if study.benchmark and beside else None,
        sources=study.sources,
        notes=study.notes,
        limits=judge(framework, exposures, Stage.mapping),
        run_id=study.run_id,
        brand=brands.load(db),
        drift=_drift(db, framework, question.portfolio_id, made),
        plan=next(iter(plans.list_for(db, question.portfolio_id)), None),
    )


def sheet_for(brand: Brand, currency: str) -> Paper:
    """The size of sheet that is kept, else the one that is usual where the currency is."""
    return brand.paper or usual_paper(currency)


def currency(db: Database, study: Study) -> str:
    """What the amounts of a study are in."""
    portfolio = portfolios.get(db, study.question.portfolio_id, study.question.portfolio_version)
    return frameworks.get(db, portfolio.framework_id, portfolio.framework_version).base_ccy


@dataclass(frozen=True, slots=True)
class Change:
    """What of a brand is to be another: None stays as it is; an empty logo or paper takes it away."""

    firm: str | None = None
    line: str | None = None
    logo: bytes | None = None
    paper: str | None = None


UNCHANGED = Change()


def brand(db: Database) -> Brand:
    """Who hands over, as it was saved."""
    return brands.load(db)


def brand_json(brand: Brand) -> dict[str, object]:
    """Who hands over as the command line prints it and REST answers it; the logo as its kind."""
    logo, paper = brand.logo.kind if brand.logo else None, brand.paper.value if brand.paper else None
    return {"firm": brand.firm, "line": brand.line, "logo": logo, "paper": paper}


def changed(brand: Brand, change: Change) -> Brand:
    """The brand with what a person gave. Raises InputError for a name, logo or paper that cannot be."""
    firm = brand.firm if change.firm is None else read_name(change.firm)
    line = brand.line if change.line is None else read_name(change.line, LONGEST_LINE)
    logo = brand.logo if change.logo is None else read_logo(change.logo) if change.logo else None
    return Brand(firm, line, logo, brand.paper if change.paper is None else read_paper(change.paper))


def save_brand(db: Database, change: Change) -> Brand:
    """The brand, changed and kept for all packs to come. Raises InputError."""
    after = changed(brands.load(db), change)
    brands.save(db, after)
    return after


def _drift(db: Database, framework: Framework, portfolio_id: str, today: date) -> DriftReport | None:
    """How far off what is held is, None where nothing is; it says when it is judged by another version."""
    portfolio = portfolios.get(db, portfolio_id)
    version = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    try:
        found = drift_now(db, portfolio, version, today)
    except InputError:
        return None
    if version.version == framework.version:
        return found
    return replace(found, notes=(f"Judged by version {version.version} of the framework, its newest.", *found.notes))


def signed(material: Material, change: Change = UNCHANGED, client: str = "") -> Material:
    """The same for a client, with what is to be another of who hands it over. Raises InputError."""
    return replace(material, brand=changed(material.brand, change), client=read_name(client))


def tabled(material: Material) -> bytes:
    """The numbers as a workbook with live sums."""
    from keel.pack.workbook.sheets import sheets
    from keel.pack.workbook.write import workbook

    return workbook(sheets(material), material.framework.name, material.made)


def bundled(material: Material) -> bytes:
    """Everything the study rests on and came to, as a bundle."""
    from keel.pack.bundle.write import bundle

    return bundle(material)


def replay(data: bytes, name: str) -> Replay:
    """The study of a bundle computed again, and what differs. Raises ImportFormatError for what is no bundle."""
    from keel.pack.bundle import replay as again
    from keel.pack.bundle.read import read_bundle

    return again.replay(read_bundle(data, name))


def paper(material: Material, size: Paper | None = None) -> bytes:
    """The paper as a PDF file, of the size that is kept, else usual for its currency, where none is said."""
    from keel.pack.paper.typeset import pdf
    from keel.pack.sections.whole import whole

    sheet = size or sheet_for(material.brand, material.framework.base_ccy)
    return pdf(whole(material), material.made, sheet, material.brand.logo)


def file(material: Material, ending: str, size: Paper | None = None) -> bytes:
    """The pack as a file of that ending: ``.pdf``, ``.xlsx``, else the bundle."""
    if ending == ".pdf":
        return paper(material, size)
    return tabled(material) if ending == ".xlsx" else bundled(material)
