"""Fractions, percent and basis points; tolerances; how numbers read on screen."""

from __future__ import annotations

WEIGHT_TOLERANCE = 1e-9  # sums of weights in the editor
BREACH_TOLERANCE = 1e-9  # a breach is |drift| > band + this
TRADE_TOLERANCE = 1e-12  # a smaller change of weight is no trade
IMPORT_TOLERANCE = 1e-3  # sibling sums in a file
