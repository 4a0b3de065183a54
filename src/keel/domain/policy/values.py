"""JSON values of policies and settings: each read with a complaint that names its field."""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from keel.domain.text import named
from keel.errors import InvalidPolicyError

Choice = TypeVar("Choice", bound=StrEnum)
Object = dict[str, object]


def json_object(value: object, what: str) -> Object:
    """The value, which must be a JSON object; ``what`` begins the complaint."""
    if not isinstance(value, dict):
        raise invalid(what.lower().removeprefix("the "), f"{what} must be a JSON object, not {shown(value)}.")
    return value


def require_known(given: Object, known: Iterable[str], what: str) -> None:
    """Raises InvalidPolicyError for the first name that is not among ``known``."""
    for name in given:
        if name not in known:
            raise invalid(str(name), f"{shown(name)} is not a field of the {what}; it has {', '.join(known)}.")


def choice(value: object, kind: type[Choice], name: str) -> Choice:
    """The member of an enum that the value names."""
    options = [member.value for member in kind]
    if not isinstance(value, str) or value not in options:
        raise invalid(name, f"{name} must be one of {', '.join(options)}, not {shown(value)}.")
    return kind(value)


def whole(value: object, name: str) -> int:
    """A whole number; 3.0 is one.

    >>> whole(3.0, "lag")
    3
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise invalid(name, f"{name} must be a whole number, not {shown(value)}.")
    return value


def number(value: object, name: str) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid(name, f"{name} must be a number, not {shown(value)}.")
    try:
        finite = float(value)
    except OverflowError:
        finite = math.inf
    if not math.isfinite(finite):
        raise invalid(name, f"{name} must be a finite number.")
    return finite


def flag(value: object, name: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise invalid(name, f"{name} must be true or false, not {shown(value)}.")
    return value


def shown(value: object) -> str:
    """A value as a complaint quotes it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}" if abs(value) < 1e15 else "a number that large"
    return named(value)


def invalid(field: str, message: str, hint: str = "") -> InvalidPolicyError:
    """The complaint about a field."""
    return InvalidPolicyError(message, hint=hint, subject=field)


def require_whole(field: str, value: int, least: int, most: int = 10**9) -> None:
    """Raises InvalidPolicyError unless the value is a whole number in [least, most]."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        allowed = f"of at least {least}" if value < least else f"of at most {most}"
        raise invalid(field, f"{field} must be a whole number {allowed}, not {value}.")


def require_between(field: str, value: float, low: float, high: float) -> None:
    """Raises InvalidPolicyError unless the value is finite and in [low, high]."""
    if not (math.isfinite(value) and low <= value <= high):
        allowed = f"at least {low:g}" if math.isinf(high) else f"between {low:g} and {high:g}"
        raise invalid(field, f"{field} must be {allowed}, not {value:g}.")


def require_below_all(field: str, bps: float) -> None:
    """Raises InvalidPolicyError unless the cost is in [0, 10000) bps: it cannot take all that is traded."""
    if not 0.0 <= bps < 10_000.0:
        raise invalid(field, f"{field} must be at least 0 and less than 10000, not {bps:g}.")
