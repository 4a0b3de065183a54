"""Files written after those of brokers and trackers, and what is read of them in short."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from keel.domain.portfolio.activity import Activity
from keel.sources.brokers import detect
from keel.sources.brokers.reading import Reading

FOLDER = Path(__file__).parent / "data"
AS_OF = date(2026, 5, 4)
FORMATS = {
    "Portfolio_Positions_Feb-18-2026.csv": "Fidelity",
    "History_for_Account_X00000001.csv": "Fidelity",
    "All-Accounts-Positions-2026-05-04.csv": "Schwab",
    "Individual_XXX234_Transactions_20260504-115444.csv": "Schwab",
    "transactions.json": "Schwab",
    "OfxDownload.csv": "Vanguard",
    "U1234567_2024.csv": "Interactive Brokers statement",
    "flex.csv": "Interactive Brokers flex query",
    "transaction_export.csv": "Trade Republic",
    "account_transactions.csv": "Trade Republic",
    "Alle_Buchungen.csv": "Portfolio Performance",
    "Depot.csv": "Portfolio Performance",
    "Vermoegensaufstellung.csv": "Portfolio Performance",
    "portfolio.xml": "Portfolio Performance XML",
    "ghostfolio-export.json": "Ghostfolio",
    "ghostfolio-import.csv": "Ghostfolio",
    "wealthfolio-activities.csv": "Wealthfolio",
    "wealthfolio-holdings.csv": "Wealthfolio",
    "other.csv": "Table",
}
OWN = "holdings.csv"


def content(name: str) -> bytes:
    """The bytes of a sample."""
    return (FOLDER / name).read_bytes()


def sample(name: str) -> Reading:
    """What a sample holds."""
    return detect.read(content(name), name, AS_OF)


def text(body: str, name: str = "file.csv") -> Reading:
    """What a text holds."""
    return detect.read(body.encode(), name, AS_OF)


def short(activity: Activity) -> str:
    """An activity on one line: kind, units and product, what it does to cash, and the account."""
    paid = "" if activity.amount is None else f" {activity.amount:+.2f} {activity.currency}".rstrip()
    return f"{activity.kind} {activity.quantity:g} {activity.symbol}{paid} ({activity.account})"


def shorts(reading: Reading) -> list[str]:
    """All activities on a line each."""
    return [short(activity) for activity in reading.activities]


def rows(reading: Reading) -> list[str]:
    """Where complaints stand."""
    return [complaint.subject for complaint in reading.complaints]
