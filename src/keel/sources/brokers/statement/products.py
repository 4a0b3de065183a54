"""Products that cannot be held here, told by their symbol or name."""

from __future__ import annotations

import re

ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]", re.ASCII)
_OPTION = re.compile(
    r"-?[A-Z.]{1,6}\s*\d{6}[CP][\d.]+|[A-Z.]{1,6} (\d{2}/\d{2}/\d{4}|\d{2}[A-Z]{3}\d{2}) [\d.]+ [CP]",
    re.ASCII,
)
_CUSIP = re.compile(r"(?=.*\d)[A-Z0-9]{8}\d|\d{3}[A-Z0-9]{6}", re.ASCII)
_BOND = re.compile(r"\d(\.\d+)?\s?%|\b(BOND|NOTE|NOTES|BILL|BILLS|TREAS|TREASURY|CD|MUNI)\b", re.IGNORECASE)


def is_isin(text: str) -> bool:
    """Whether a text is an ISIN, as far as its form says.

    >>> is_isin("IE00B4L5Y983"), is_isin("VTI")
    (True, False)
    """
    return bool(ISIN.fullmatch(text))


def is_option(symbol: str) -> bool:
    """Whether a symbol is that of an option.

    >>> is_option("-SPY250117C500"), is_option("META 06/21/2024 450.00 C"), is_option("VTI")
    (True, True, False)
    """
    return bool(_OPTION.fullmatch(symbol.strip()))


def is_bond(symbol: str, name: str) -> bool:
    """Whether a product without a ticker is a bond: its number is a CUSIP and its name has a rate or says so.

    >>> is_bond("912810SP4", "US TREASURY 1.375%08/50"), is_bond("31617E745", "FID 500 INDEX POOL")
    (True, False)
    """
    return bool(_CUSIP.fullmatch(symbol) and _BOND.search(name))
