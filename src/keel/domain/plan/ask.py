"""What is asked of a plan: trades to the policy's destination, a deposit, or a withdrawal; under which limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from keel.domain.plan.deposits.rules import Rule
from keel.domain.plan.gains import Tax
from keel.domain.plan.limits import Limits, require_limits
from keel.domain.plan.location import USUAL, Ranks, parse_ranks, ranks_json
from keel.domain.portfolio.account import Account, AccountKind
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_list, read_number, read_object, read_switch, read_text
from keel.errors import InputError

FIELDS = (
    *("deposit", "withdraw", "rule", "account", "money_held", "whole_shares", "min_trade", "max_turnover"),
    *("gain_budget", "max_trades", "tax", "location", "edits", "lots"),
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One plan. ``deposit`` and ``withdraw`` are amounts, at most one of them above 0; neither asks for trades.

    ``account`` is the one that the money goes into or comes out of, or the only one in which is traded; empty: any.
    ``location`` says which kind of account suits a class of assets.
    ``money_held`` says whether a deposit is cash that is held already, None where the idle cash is to tell. ``picked``
    are the places of the lots that go first, by account and symbol.
    """

    deposit: float = 0.0
    withdraw: float = 0.0
    rule: Rule = Rule.relative_waterfill
    account: str = ""
    money_held: bool | None = None
    limits: Limits = field(default_factory=Limits)
    tax: Tax = field(default_factory=Tax)
    location: Ranks = field(default_factory=lambda: USUAL)
    picked: Mapping[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What is asked for in one word: ``deposit``, ``withdrawal`` or ``trades``."""
        return "deposit" if self.deposit > 0.0 else "withdrawal" if self.withdraw > 0.0 else "trades"

    @property
    def unedited(self) -> Ask:
        """The same without the quantities that a person set."""
        return replace(self, limits=replace(self.limits, edits={}))


def require_ask(ask: Ask) -> Ask:
    """The ask itself. Raises InputError for amounts and limits that contradict each other."""
    for name, amount in (("deposit", ask.deposit), ("withdraw", ask.withdraw)):
        if not 0.0 <= amount < float("inf"):
            raise InputError(f"{name} is {amount:g}; it must be an amount of at least 0.", subject=name)
    if ask.deposit > 0.0 and ask.withdraw > 0.0:
        raise InputError("A plan has a deposit or a withdrawal, not both.", hint="Give one.", subject="withdraw")
    require_limits(ask.limits)
    return ask


def parse_ask(given: Mapping[str, object], place: Place) -> Ask:
    """The ask in a JSON object. Raises ImportFormatError with the field, InputError.

    >>> parse_ask({"deposit": 500, "rule": "gap_proportional"}, Place("body")).kind
    'deposit'
    """
    for name in given:
        if name not in FIELDS:
            raise place.field(name).error("is not known.", f"Use one of {', '.join(FIELDS)}.")
    amounts = {name: _number(given, name, place) or 0.0 for name in ("deposit", "withdraw")}
    return require_ask(
        Ask(
            **amounts,
            rule=parse_rule(given.get("rule"), place.field("rule")),
            account=read_text(given["account"], place.field("account")) if given.get("account") else "",
            money_held=None if given.get("money_held") is None else _switch(given, "money_held", place),
            limits=_limits(given, place),
            tax=parse_tax(_or({}, given.get("tax")), place.field("tax")),
            location=parse_ranks(_or({}, given.get("location")), place.field("location")),
            picked=_lots(_or([], given.get("lots")), place.field("lots")),
        )
    )


def parse_rule(given: object, place: Place) -> Rule:
    """The rule of that name, the usual one where none is given. Raises ImportFormatError."""
    if given is None:
        return Rule.relative_waterfill
    if given not in list(Rule):
        raise place.error(f"{given!r} is no rule.", f"Use one of {', '.join(Rule)}.")
    return Rule(str(given))


def parse_tax(given: object, place: Place) -> Tax:
    """Tax rates as fractions, and the days after which a lot is held for long. Raises ImportFormatError.

    >>> parse_tax({"short_rate": 0.3}, Place("tax"))
    Tax(short_rate=0.3, long_rate=0.15, long_days=365)
    """
    row, usual = read_object(given, place), Tax()
    unknown = [name for name in row if name not in ("short_rate", "long_rate", "long_days")]
    if unknown:
        raise place.field(str(unknown[0])).error("is not known.", "Use short_rate, long_rate and long_days.")
    short = read_number(row.get("short_rate", usual.short_rate), place.field("short_rate"))
    long = read_number(row.get("long_rate", usual.long_rate), place.field("long_rate"))
    days = read_number(row.get("long_days", usual.long_days), place.field("long_days"))
    for name, rate in (("short_rate", short), ("long_rate", long)):
        if not 0.0 <= rate <= 1.0:
            raise place.field(name).error(f"is {rate:g}; a rate lies between 0 and 1.", "Write 0.15 for 15 %.")
    if days < 0 or days != int(days):
        raise place.field("long_days").error("must be a whole number of days.")
    return Tax(short, long, int(days))


def parse_accounts(given: object, place: Place, currency: str = "USD") -> tuple[Account, ...]:
    """Accounts by name, each with its kind. Raises ImportFormatError.

    >>> parse_accounts({"IRA": {"kind": "deferred"}}, Place("accounts"))[0].kind.value
    'deferred'
    """
    rows = []
    for name, fields in read_object(given, place).items():
        at = place.field(name)
        row = read_object(fields, at)
        kind = row.get("kind", AccountKind.taxable)
        if kind not in list(AccountKind):
            raise at.field("kind").error(f"{kind!r} is no kind of account.", f"Use one of {', '.join(AccountKind)}.")
        rows.append(Account(name, AccountKind(str(kind)), currency))
    return tuple(rows)


def _limits(given: Mapping[str, object], place: Place) -> Limits:
    orders = _number(given, "max_trades", place)
    if orders is not None and orders != int(orders):
        raise place.field("max_trades").error("must be a whole number of orders.")
    return Limits(
        max_turnover=_number(given, "max_turnover", place),
        gain_budget=_number(given, "gain_budget", place),
        whole_shares=_switch(given, "whole_shares", place) if given.get("whole_shares") is not None else False,
        min_trade=_number(given, "min_trade", place) or 0.0,
        max_trades=None if orders is None else int(orders),
        edits=_edits(_or([], given.get("edits")), place.field("edits")),
    )


def _or(usual: object, given: object) -> object:
    return usual if given is None else given


def _number(given: Mapping[str, object], name: str, place: Place) -> float | None:
    return None if given.get(name) is None else read_number(given[name], place.field(name))


def _switch(given: Mapping[str, object], name: str, place: Place) -> bool:
    return read_switch(given[name], place.field(name))


def _rows(given: object, place: Place) -> list[tuple[Mapping[str, object], Place]]:
    if not isinstance(given, list):
        raise place.error("must be a list.")
    return [(read_object(row, place.item(n)), place.item(n)) for n, row in enumerate(given)]


def _key(row: Mapping[str, object], place: Place) -> tuple[str, str]:
    return read_text(row.get("account"), place.field("account")), read_text(row.get("symbol"), place.field("symbol"))


def _edits(given: object, place: Place) -> dict[tuple[str, str], float]:
    return {_key(row, at): read_number(row.get("quantity"), at.field("quantity")) for row, at in _rows(given, place)}


def _lots(given: object, place: Place) -> dict[tuple[str, str], tuple[int, ...]]:
    picked = {}
    for row, at in _rows(given, place):
        places = read_list(row.get("lots"), at.field("lots"))
        picked[_key(row, at)] = tuple(int(read_number(n, at.field("lots"))) for n in places)
    return picked


def ask_json(ask: Ask) -> dict[str, object]:
    """The ask as ``parse_ask`` reads it.

    >>> parse_ask(ask_json(Ask(deposit=5.0)), Place("ask")) == Ask(deposit=5.0)
    True
    """
    limits, tax = ask.limits, ask.tax
    return {
        "deposit": ask.deposit,
        "withdraw": ask.withdraw,
        "rule": ask.rule.value,
        "account": ask.account,
        "money_held": ask.money_held,
        "whole_shares": limits.whole_shares,
        "min_trade": limits.min_trade,
        "max_turnover": limits.max_turnover,
        "gain_budget": limits.gain_budget,
        "max_trades": limits.max_trades,
        "tax": {"short_rate": tax.short_rate, "long_rate": tax.long_rate, "long_days": tax.long_days},
        "location": ranks_json(ask.location),
        "edits": [{"account": a, "symbol": s, "quantity": q} for (a, s), q in limits.edits.items()],
        "lots": [{"account": a, "symbol": s, "lots": list(places)} for (a, s), places in ask.picked.items()],
    }
