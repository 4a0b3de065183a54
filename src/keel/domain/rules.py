"""What a bucket asks of a product."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """A bucket's own mapping rules; None or empty means "not asked here" and the parent's applies.

    ``include_tags``: all must be present. ``exclude_tags``: none may be. Ratios are fractions, amounts
    US dollars, history calendar years.
    """

    include_tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    allowed_types: tuple[str, ...] = ()
    min_adv_usd: float | None = None
    max_expense_ratio: float | None = None
    min_history_years: float | None = None
    min_aum_usd: float | None = None
    currencies: tuple[str, ...] = ()
    exclude_symbols: tuple[str, ...] = ()
