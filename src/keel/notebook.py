"""Keel from Python: files and data frames in, data frames out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from keel.backtest.result import BacktestResult
    from keel.domain.framework.records import Framework
    from keel.domain.market.prices import PriceMatrix
    from keel.domain.study.blend import Blend
    from keel.store.connection import Database


def read_framework(path: str | Path) -> Framework:
    """The valid framework in a JSON, CSV or XLSX file; InvalidFrameworkError lists what is wrong with another."""
    from keel.domain.framework.validation import require_valid
    from keel.settings import load
    from keel.sources.files.disk import read_bytes
    from keel.sources.sheets.framework import read_framework_file

    framework, _ = read_framework_file(read_bytes(Path(path), load().max_framework_bytes), Path(path).name)
    require_valid(framework)
    return framework


def write_framework(framework: Framework, path: str | Path) -> Path:
    """The file that the framework was written to: ``.json`` or ``.xlsx`` all of it, ``.csv`` its tree."""
    from keel.errors import InputError
    from keel.services import design

    file = Path(path)
    kind = file.suffix.lower().removeprefix(".")
    if kind not in ("json", "xlsx", "csv"):
        raise InputError(f"{file.name} is no framework file.", hint="Write .json, .xlsx or .csv.", subject=file.name)
    data = design.as_workbook(framework) if kind == "xlsx" else design.as_text(framework, kind).encode()
    file.write_bytes(data)
    return file


def price_matrix(prices: PriceMatrix | pd.DataFrame | str | Path) -> PriceMatrix:
    """Prices as Keel holds them: of a data frame (dates down, symbols across) or of a file that ``--prices`` takes."""
    import numpy as np

    from keel.domain.market.prices import PriceMatrix

    if isinstance(prices, PriceMatrix):
        return prices
    if isinstance(prices, (str, Path)):
        from keel.sources.files.prices import read_prices

        return read_prices(Path(prices))
    frame = prices.sort_index()
    dates = np.asarray(frame.index, dtype="datetime64[D]")
    return PriceMatrix(dates, tuple(str(c) for c in frame.columns), frame.to_numpy(dtype=np.float64))


def blend_from(given: Mapping[str, object]) -> Blend:
    """The blend of an object as in JSON. Raises ImportFormatError, InputError."""
    from keel.domain.reading.place import Place
    from keel.domain.study.blend import parse_blend

    return parse_blend(dict(given), Place("benchmark"))


def save_benchmark(name: str, parts: Mapping[str, float | str], look: str = "annual") -> dict[str, object]:
    """The stored blend of that name, as ``keel benchmark save --json`` says it; shares are fractions, or such as 60%.

    The database belongs to one process: not while the server runs. Raises ImportFormatError, InputError.
    """
    from keel.services.market import benchmarks

    blend = blend_from({"name": name, "parts": dict(parts), "look": look})
    with stored() as db:
        return benchmarks.document(benchmarks.save(db, blend))


def list_benchmarks() -> list[dict[str, object]]:
    """The stored blends, by name."""
    from keel.services.market import benchmarks

    with stored() as db:
        return [benchmarks.document(named) for named in benchmarks.listed(db)]


def delete_benchmark(name: str) -> None:
    """Deletes the stored blend of that name or id. Raises BenchmarkNotFoundError."""
    from keel.services.market import benchmarks

    with stored() as db:
        benchmarks.delete(db, name)


def save_policy(name: str, policy: str | Mapping[str, object]) -> dict[str, object]:
    """A policy (a preset or JSON) kept under a name, as ``keel policy save --json`` says it. Raises InputError."""
    from keel.domain.policy.as_json import parse_policy
    from keel.services import policies

    with stored() as db:
        return policies.document(policies.keep(db, name, parse_policy(policy)))


def list_policies() -> list[dict[str, object]]:
    """Every policy kept under a name."""
    from keel.services import policies

    with stored() as db:
        return [policies.document(named) for named in policies.listed(db)]


def delete_policy(name: str) -> None:
    """Deletes the policy kept under a name. Raises PolicyNotFoundError."""
    from keel.services import policies

    with stored() as db:
        policies.delete(db, policies.find(db, name).id)


def assign_policy(name: str, framework_id: str) -> Framework:
    """The next version of a stored framework, with the policy kept under that name. Raises NotFoundError."""
    from keel.services import design, policies

    with stored() as db:
        return design.assign_policy(db, framework_id, policies.find(db, name).policy)


def fill_bucket(
    prices: PriceMatrix | pd.DataFrame | str | Path,
    method: str = "risk_parity",
    bounds: Mapping[str, Sequence[float]] | None = None,
    *,
    symbols: Sequence[str] = (),
    start: date | None = None,
    end: date | None = None,
) -> dict[str, object]:
    """How a bucket is split over the columns of the prices, or these ``symbols``, as ``keel fill --json`` says it.

    ``bounds`` are the least and the most share by symbol. Raises InputError, MarketDataError.
    """
    from keel.domain.portfolio.split import read_bounds, read_method, split_json
    from keel.domain.reading.place import Place
    from keel.services.fill import Asked, fill

    matrix = price_matrix(prices)
    inside = read_bounds({s: list(pair) for s, pair in (bounds or {}).items()}, Place("bounds"))
    asked = Asked(read_method(method, Place("method")), tuple(symbols) or matrix.symbols, inside, "", start, end)
    return split_json(fill(matrix, asked))


def import_prices(
    file: str | Path, dataset: str = "", currency: str = "USD", *, preview: bool = False
) -> dict[str, object]:
    """What importing a price file into the database came to, as ``keel prices import --json`` says it.

    With ``preview`` what it would bring, and nothing is stored.
    The database belongs to one process: not while the server runs. Raises ImportFormatError, InputError.
    """
    from keel.services.market import imports
    from keel.sources.files.disk import require_file

    path = Path(file)
    require_file(path)
    incoming = imports.Incoming(dataset or imports.DATASET, currency)
    with stored() as db:
        if preview:
            return imports.preview_document(imports.preview(db, path, path.name, incoming))
        return imports.document(imports.commit(db, path, path.name, incoming))


def import_universe(file: str | Path, *, preview: bool = False) -> dict[str, object]:
    """What importing a file of products into the database came to, as ``keel universe import --json`` says it.

    With ``preview`` what it would bring, and nothing is stored.
    The database belongs to one process: not while the server runs. Raises ImportFormatError, InputError.
    """
    from keel.services.market import products
    from keel.sources.files.disk import require_file

    path = Path(file)
    require_file(path)
    with stored() as db:
        if preview:
            return products.preview_document(products.preview(db, path, path.name))
        return products.document(products.commit(db, path, path.name))


def import_exposures(file: str | Path) -> dict[str, object]:
    """What importing a file of what products hold came to, as ``keel exposures import --json`` says it.

    The database belongs to one process: not while the server runs. Raises ImportFormatError, InputError.
    """
    from datetime import UTC, datetime

    from keel.services.lookthrough import imports
    from keel.sources.files.disk import require_file

    path = Path(file)
    require_file(path)
    with stored() as db:
        return imports.document(imports.commit(db, path, path.name, datetime.now(UTC).date()))


def map_products(
    framework: Framework,
    filters: Mapping[str, object] | None = None,
    weights: Mapping[str, object] | None = None,
) -> pd.DataFrame:
    """The stored products suggested for every bucket, a row each, the best first; filters and weights as on the
    command line.

    Columns ``path``, ``symbol``, ``score``, one a part of it (NaN where the fact is not known), ``usable``, ``prices``.
    Raises ImportFormatError, InputError.
    """
    import pandas as pd

    from keel.domain.exchange.rules import read_rules
    from keel.domain.portfolio.score_weights import PARTS, USUAL, read_weights
    from keel.domain.reading.place import Place
    from keel.services import mapping

    narrowed = read_rules(dict(filters or {}), Place("filters"))[0]
    counted = USUAL if weights is None else read_weights(dict(weights), Place("weights"))
    with stored() as db:
        buckets = mapping.suggest(db, framework, narrowed, weights=counted)
    rows = [
        (bucket.path, s.instrument.symbol, s.score, *(s.parts[name] for name in PARTS), s.usable, s.price_note)
        for bucket in buckets
        for s in bucket.suggestions
    ]
    frame = pd.DataFrame(rows, columns=["path", "symbol", "score", *PARTS, "usable", "prices"])
    return frame.astype(dict.fromkeys(PARTS, float))


def xray(portfolio: str | Framework) -> pd.DataFrame:
    """A stored portfolio by its id, or the products that a framework names, through what they hold: a row a slice.

    Columns ``dimension``, ``label``, ``target`` (NaN where targets say nothing) and ``held``, fractions of the whole.
    """
    import pandas as pd

    from keel.services.lookthrough import xray as service

    with stored() as db:
        seen = service.xray(db, portfolio) if isinstance(portfolio, str) else service.xray_of_framework(db, portfolio)
    rows = [(dimension.name, s.label, s.target, s.held) for dimension in seen.xray for s in dimension.slices]
    return pd.DataFrame(rows, columns=["dimension", "label", "target", "held"]).astype({"target": float})


def refresh_prices(symbols: str | Sequence[str] = ()) -> dict[str, object]:
    """What bringing public prices up to date came to, as ``keel prices refresh --json`` says it.

    Without symbols: those that portfolios hold and those fetched before, else every product. The database belongs to
    one process: not while the server runs. Raises InputError for what is no symbol.
    """
    from keel.domain.market.public.report import report_json
    from keel.services.market.refresh import finish_refresh, symbols_of

    wanted = symbols_of(symbols) if symbols else ()
    with stored() as db:
        return report_json(finish_refresh(db, wanted))


def price_status() -> pd.DataFrame:
    """Every stored series, a row each: its dataset, dates, source, and the codes of what is wrong with it."""
    import pandas as pd

    from keel.services.market.catalogue import status

    with stored() as db:
        datasets = status(db)["datasets"]
    rows = [
        {
            "dataset": dataset["id"],
            "owner": dataset["owner"],
            **series,
            "findings": [f["code"] for f in series["findings"]],
        }
        for dataset in datasets
        for series in dataset["symbols"]
    ]
    return pd.DataFrame(rows).astype({"first": "datetime64[us]", "last": "datetime64[us]"})


def client_pack(id: str, file: str | Path, client: str = "", paper: str = "", made: date | None = None) -> Path:
    """The file that the client pack of a stored run was written to: a paper, a workbook or a bundle by its ending.

    Of a portfolio, named by its id, it is that of its newest run, else of a run of its framework's own policy. ``made``
    is the date on it, else today; ``paper`` is ``a4`` or ``letter``, else the one that is kept, or Letter for dollars
    and A4 for others. Raises NotFoundError, InputError.
    """
    from datetime import UTC, datetime

    from keel.domain.brand import Paper
    from keel.services import pack, study

    path = Path(file)
    with stored() as db:
        material = pack.material(db, study.find(db, id), made or datetime.now(UTC).date())
    path.write_bytes(pack.file(pack.signed(material, client=client), path.suffix, Paper(paper) if paper else None))
    return path


def replay(file: str | Path) -> dict[str, object]:
    """What computing a bundle again came to, as ``keel replay --json`` says it. Raises ImportFormatError."""
    from keel.pack.bundle.contents import LARGEST
    from keel.pack.bundle.replay import replay_json
    from keel.services import pack
    from keel.sources.files.disk import read_bytes

    return replay_json(pack.replay(read_bytes(Path(file), LARGEST), Path(file).name))


@contextmanager
def stored() -> Iterator[Database]:
    """The database of the settings with the sample in it, closed at the end."""
    from keel.services import sample
    from keel.settings import load
    from keel.store.connection import Database

    db = Database.open(load().db_path)
    try:
        sample.build(db, load())
        yield db
    finally:
        db.close()


def to_frame(result: BacktestResult) -> pd.DataFrame:
    """Wealth and the weight of each leaf by date."""
    import pandas as pd

    columns: dict[str, Any] = {"wealth": result.wealth}
    columns |= {path: result.weights[:, i] for i, path in enumerate(result.book.paths)}
    return pd.DataFrame(columns, index=pd.Index(result.dates, name="date"))
