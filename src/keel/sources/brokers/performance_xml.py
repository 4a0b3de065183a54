"""Portfolio Performance's own file as XML: what stands there a second time is a reference to the first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

from keel.domain.reading.day import parse_day
from keel.domain.reading.place import Place
from keel.domain.reading.values import require_few
from keel.domain.reading.written_day import plain_day
from keel.domain.text import has_controls, shown, tidy
from keel.sources.brokers.reading import Reading
from keel.sources.brokers.statement.document import Document
from keel.sources.brokers.statement.journal import Effect, Entry, Journal
from keel.sources.brokers.statement.pairs import households

FORMAT = "Portfolio Performance XML"
Element = Any  # of the standard library's parser, which types no children
DEEPEST = 4_000  # transfers nest the accounts they lead to
MOST_ELEMENTS = 600_000  # prices aside; a transaction has some fifteen
CHUNK = 1 << 16
HEAD = 4_000  # characters in which the first element stands
CENTS = 100.0
SHARES = ((25, 1e5), (48, 1e6))  # up to a version a share was so many units, since then 1e8
EFFECTS = {
    "BUY": (Effect.buy, -1),
    "SELL": (Effect.sell, 1),
    "DEPOSIT": (Effect.cash, 1),
    "REMOVAL": (Effect.cash, -1),
    "INTEREST": (Effect.interest, 1),
    "INTEREST_CHARGE": (Effect.interest, -1),
    "DIVIDENDS": (Effect.dividend, 1),
    "FEES": (Effect.fee, -1),
    "FEES_REFUND": (Effect.fee, 1),
    "TAXES": (Effect.tax, -1),
    "TAX_REFUND": (Effect.tax, 1),
    "TRANSFER_IN": (Effect.moved, 1),
    "TRANSFER_OUT": (Effect.moved, -1),
    "DELIVERY_INBOUND": (Effect.delivered, 1),
    "DELIVERY_OUTBOUND": (Effect.delivered, -1),
}


@dataclass(slots=True)
class _Tree:
    """A parsed file: its root, each element's parent, the elements with an id, children that were asked for.

    ``a_share`` is how many units of a transaction are one share.
    """

    root: Element
    place: Place
    parents: dict[Element, Element] = field(default_factory=dict)
    by_id: dict[str, Element] = field(default_factory=dict)
    children: dict[tuple[Element, str], list[Element]] = field(default_factory=dict)
    a_share: float = 1e8

    def follow(self, element: Element) -> Element:
        """The element itself, or the one that it refers to."""
        seen = 0
        while (reference := element.get("reference")) is not None:
            target = self.by_id.get(reference) if reference.isdigit() else self._walk(element, reference)
            seen += 1
            if target is None or seen > 20:
                raise self.place.error(f"the reference {shown(reference)} leads nowhere.", "Save the file again.")
            element = target
        return element

    def child(self, element: Element, tag: str) -> Element | None:
        """A child of an element, followed."""
        found = element.find(tag)
        return None if found is None else self.follow(found)

    def text(self, element: Element, tag: str) -> str:
        """The text of a child on one line, empty where there is none."""
        found = self.child(element, tag)
        text = tidy(found.text or "") if found is not None else ""
        return "" if has_controls(text) else text[:1_000]

    def whole(self, element: Element, tag: str) -> int:
        """The whole number in a child, 0 where there is none."""
        text = self.text(element, tag)
        if not re.fullmatch(r"-?\d{0,18}", text):
            raise self.place.field(tag).error(f"{shown(text)} is not a whole number.", "Save the file again.")
        return int(text or 0)

    def _walk(self, element: Element, path: str) -> Element | None:
        """The element at a path of ``..`` and ``tag[n]`` from another."""
        at: Element | None = element
        for step in path.split("/"):
            if at is None:
                return None
            at = self.parents.get(at) if step == ".." else self._step(at, step)
        return at

    def _step(self, element: Element, step: str) -> Element | None:
        tag, _, number = step.removesuffix("]").partition("[")
        key = (element, tag)
        if key not in self.children:
            self.children[key] = element.findall(tag) if re.fullmatch(r"[\w.-]+", tag) else []
        n = int(number) - 1 if number.isdigit() else 0
        return self.children[key][n] if 0 <= n < len(self.children[key]) else None


def sure(document: Document) -> float:
    """How sure it is that a document is such a file, from 0 to 1."""
    return 1.0 if re.search(r"<client[\s>]", document.xml[:HEAD]) else 0.0


def read(document: Document, as_of: date) -> Reading:
    """What the file holds. Raises ImportFormatError for what is no such file, declares entities or is damaged."""
    tree = _parsed(document)
    tree.a_share = _units(tree)
    currency = tree.text(tree.root, "baseCurrency") or "EUR"
    journal = Journal(document.place, as_of, currency)
    accounts = [tree.follow(account) for account in tree.root.findall("accounts/account")]
    portfolios = [tree.follow(portfolio) for portfolio in tree.root.findall("portfolios/portfolio")]
    if tree.root.find("accounts") is None and tree.root.find("portfolios") is None:
        raise document.place.error("the file has no accounts.", "Save it as XML in Portfolio Performance.")
    cash_of = {id(portfolio): tree.child(portfolio, "referenceAccount") for portfolio in portfolios}
    home = households(
        (tree.text(portfolio, "name"), tree.text(cash, "name"))
        for portfolio in portfolios
        if (cash := cash_of[id(portfolio)]) is not None
    )
    for portfolio in portfolios:
        name = tree.text(portfolio, "name")
        for transaction in _transactions(tree, portfolio, "portfolio-transaction"):
            _trade(journal, tree, transaction, name, home)
    for account in accounts:
        name = tree.text(account, "name")
        for transaction in _transactions(tree, account, "account-transaction"):
            if tree.text(transaction, "type") not in ("BUY", "SELL"):  # told by the securities' side
                _post(journal, tree, transaction, home.get(name, name), tree.text(account, "currencyCode"))
    return journal.reading(FORMAT)


def _parsed(document: Document) -> _Tree:
    """The tree of a file, without the prices, which are most of it."""
    if "<!DOCTYPE" in document.xml or "<!ENTITY" in document.xml:
        raise document.place.error("it declares entities, which no file of Portfolio Performance does.")
    parser: Any = ElementTree.XMLPullParser(["start", "end"])
    tree: _Tree | None = None
    open_elements: list[Element] = []
    try:
        for event, element in _events(parser, document.xml):
            if event == "start":
                tree = tree or _Tree(element, document.place)
                if open_elements:
                    tree.parents[element] = open_elements[-1]
                open_elements.append(element)
                if len(open_elements) > DEEPEST:
                    raise document.place.error("it is nested too deeply to be read.")
                require_few(len(tree.parents), MOST_ELEMENTS, "entries", document.place)
                if "id" in element.attrib:
                    tree.by_id[element.attrib["id"]] = element
                continue
            open_elements.pop()
            if element.tag in ("prices", "latest", "taxonomies", "dashboards", "settings"):
                _forget(tree, element)
    except ElementTree.ParseError as error:
        row, column = error.position
        at = replace(document.place, row=row, column=str(column + 1))
        raise at.error("the XML is damaged here.", "Save the file again.") from None
    if tree is None or tree.root.tag != "client":
        raise document.place.error("this XML is no file of Portfolio Performance.")
    return tree


def _forget(tree: _Tree | None, element: Element) -> None:
    """Drops what is below an element."""
    if tree is not None:
        for inner in element.iter():
            if inner is not element:
                tree.parents.pop(inner, None)
    element.clear()


def _events(parser: Any, text: str) -> Iterator[tuple[str, Element]]:
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)  # it may name another encoding than it was decoded from
    for start in range(0, len(body), CHUNK):
        parser.feed(body[start : start + CHUNK])
        yield from parser.read_events()
    parser.close()
    yield from parser.read_events()


def _transactions(tree: _Tree, owner: Element, tag: str) -> Iterator[Element]:
    """The transactions of an account, each once."""
    listed = tree.child(owner, "transactions")
    for transaction in [] if listed is None else listed.findall(tag):
        yield tree.follow(transaction)


def _trade(journal: Journal, tree: _Tree, transaction: Element, name: str, home: Any) -> None:
    """Notes down a transaction of a securities account; the cash of a trade may lie in an account of its own."""
    _post(journal, tree, transaction, name, tree.text(transaction, "currencyCode"))
    cross = tree.child(transaction, "crossEntry")
    cash = None if cross is None else tree.child(cross, "account")
    there = "" if cash is None else tree.text(cash, "name")
    effect, way = EFFECTS.get(tree.text(transaction, "type"), (Effect.unknown, 1))
    if effect in (Effect.buy, Effect.sell) and there and home.get(there, there) != name:
        entry = _entry(journal, tree, transaction, name, tree.text(transaction, "currencyCode"))
        size = abs(entry.amount or 0.0) * way
        money = replace(entry, symbol="", isin="", quantity=0.0, fee=0.0)
        journal.post(Effect.moved, replace(money, account=home.get(there, there), amount=size))
        journal.post(Effect.moved, replace(money, amount=-size))


def _post(journal: Journal, tree: _Tree, transaction: Element, account: str, currency: str) -> None:
    """Notes down a transaction."""
    kind = tree.text(transaction, "type")
    effect, _ = EFFECTS.get(kind, (Effect.unknown, 1))
    entry = _entry(journal, tree, transaction, account, currency)
    if effect is Effect.moved and not entry.quantity:
        entry = replace(entry, symbol="", isin="")
    journal.post(effect, entry)


def _entry(journal: Journal, tree: _Tree, transaction: Element, account: str, currency: str) -> Entry:
    """What a transaction says; amounts are in hundredths."""
    kind, day = tree.text(transaction, "type"), parse_day(plain_day(tree.text(transaction, "date")))
    if day is None:
        raise journal.place.field("date").error(f"{shown(tree.text(transaction, 'date'))} is not a date.")
    security = tree.child(transaction, "security")
    said = {tag: tree.text(security, tag) if security is not None else "" for tag in ("name", "isin", "tickerSymbol")}
    _, way = EFFECTS.get(kind, (Effect.unknown, 1))
    return Entry(
        replace(journal.place, column=kind.lower()),
        day,
        said["tickerSymbol"] or said["isin"] or said["name"],
        way * tree.whole(transaction, "shares") / tree.a_share,
        None,
        way * tree.whole(transaction, "amount") / CENTS,
        tree.text(transaction, "currencyCode") or currency or journal.currency,
        _fees(transaction),
        account,
        said["isin"],
        said["name"],
        kind,
    )


def _units(tree: _Tree) -> float:
    """How many units of a transaction are one share."""
    version = tree.whole(tree.root, "version")
    return next((units for last, units in SHARES if version <= last), 1e8)


def _fees(transaction: Element) -> float:
    """The fees of a transaction."""
    found = [unit for unit in transaction.findall("units/unit") if unit.get("type") == "FEE"]
    amounts = [unit.find("amount") for unit in found]
    digits = [amount.get("amount", "") for amount in amounts if amount is not None]
    return sum(int(text) for text in digits if re.fullmatch(r"\d{1,18}", text)) / CENTS
