"""The rules of a bucket, read from a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from keel.domain.framework.rules import Rules
from keel.domain.issue import Finding
from keel.domain.market.instrument import InstrumentType
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_list, read_number, read_object, read_text, require_few, unknown_fields

RULE_LISTS = ("include_tags", "exclude_tags", "allowed_types", "currencies", "exclude_symbols")
RULE_NUMBERS = ("min_adv_usd", "max_expense_ratio", "min_history_years", "min_aum_usd")
RULE_ALIASES = {"min_liquidity": "min_adv_usd"}
MOST_WORDS = 200  # of a list; each is compared with every product

_TYPES = {t.value.lower(): t.value for t in InstrumentType}
_SPELLED: Mapping[str, Callable[[str], str]] = {
    "include_tags": str.lower,
    "exclude_tags": str.lower,
    "allowed_types": lambda word: _TYPES.get(word.lower(), word),
    "currencies": str.upper,
    "exclude_symbols": str,
}


def read_rules(value: object, place: Place) -> tuple[Rules, tuple[Finding, ...]]:
    """A bucket's rules from an object; tags in lower case, types and currencies as Keel writes them."""
    given = read_object(value, place)
    notes = tuple(unknown_fields(given, (*RULE_LISTS, *RULE_NUMBERS, *RULE_ALIASES), place))
    for alias, name in RULE_ALIASES.items():
        if given.get(alias) is not None and given.get(name) is not None:
            raise place.field(alias).error(f"is another name for {name}; give only one of them.")
    numbers: dict[str, float] = {}
    for name in (*RULE_NUMBERS, *RULE_ALIASES):
        if given.get(name) is not None:
            numbers[RULE_ALIASES.get(name, name)] = read_number(given[name], place.field(name))
    words = {name: _words(given.get(name), place.field(name), _SPELLED[name]) for name in RULE_LISTS}
    rules = Rules(
        include_tags=words["include_tags"],
        exclude_tags=words["exclude_tags"],
        allowed_types=words["allowed_types"],
        min_adv_usd=numbers.get("min_adv_usd"),
        max_expense_ratio=numbers.get("max_expense_ratio"),
        min_history_years=numbers.get("min_history_years"),
        min_aum_usd=numbers.get("min_aum_usd"),
        currencies=words["currencies"],
        exclude_symbols=words["exclude_symbols"],
    )
    return rules, notes


def _words(value: object, place: Place, spelled: Callable[[str], str]) -> tuple[str, ...]:
    if value is None:
        return ()
    items = [value] if isinstance(value, str) else read_list(value, place)
    require_few(len(items), MOST_WORDS, "entries", place)
    words = [spelled(read_text(item, place.item(n))) for n, item in enumerate(items)]
    return tuple(dict.fromkeys(w for w in words if w))
