"""Templates: starting points, kept as TOML files so that they can be read and changed without code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from keel.domain.exchange.rules import read_rules
from keel.domain.framework.records import ANNUAL, Bucket, Framework
from keel.domain.framework.validation import check
from keel.domain.issue import errors
from keel.domain.policy.as_json import parse_policy
from keel.domain.policy.records import Policy
from keel.domain.reading.place import Place
from keel.domain.reading.text import decode
from keel.domain.reading.values import read_list, read_number, read_object, read_path, read_text, read_weight
from keel.errors import InvalidPolicyError, TemplateNotFoundError


@dataclass(frozen=True, slots=True)
class Template:
    """A starting point: what it is for (``purpose``, one or two sentences), and its framework, method ``template``.

    ``slots`` gives each top bucket's path its colour slot on every page.
    """

    id: str
    name: str
    purpose: str
    risk_band: str
    framework: Framework
    slots: Mapping[str, int]


def read_templates(files: Mapping[str, bytes]) -> tuple[Template, ...]:
    """The templates of TOML files, by file name, in their stated order.

    Raises ImportFormatError naming the file and field.
    """
    parsed = [(_toml(data, Place(name)), Place(name)) for name, data in files.items()]
    ordered = [(_order(data, place), read_template(data, place)) for data, place in parsed]
    return tuple(template for _, template in sorted(ordered, key=lambda pair: (pair[0], pair[1].id)))


def find_template(templates: tuple[Template, ...], id: str) -> Template:
    """The template of that id. Raises TemplateNotFoundError."""
    for template in templates:
        if template.id == id:
            return template
    ids = ", ".join(t.id for t in templates)
    raise TemplateNotFoundError(f"There is no template {id[:60]!r}.", hint=f"There are {ids}.", subject=id[:60])


def instantiate(template: Template, name: str = "") -> Framework:
    """A new framework of a template, under its own name unless another is given."""
    return replace(template.framework, name=" ".join(name.split()) or template.name)


def _toml(data: bytes, place: Place) -> dict[str, object]:
    try:
        return tomllib.loads(decode(data, place))
    except tomllib.TOMLDecodeError as error:
        raise place.error(f"not valid TOML ({error}).") from None


def _order(data: Mapping[str, object], place: Place) -> float:
    return read_number(data.get("order", 0), place.field("order"), "1")


def read_template(data: Mapping[str, object], place: Place) -> Template:
    """The template of a parsed file; one that would not be valid is refused."""

    def text(name: str) -> str:
        return read_text(data.get(name), place.field(name))

    at = place.field("buckets")
    rows = [read_object(row, at.item(n)) for n, row in enumerate(read_list(data.get("buckets", []), at))]
    buckets = tuple(_bucket(row, at.item(n)) for n, row in enumerate(rows))
    slots = {
        b.path: int(read_number(row["slot"], at, "0")) for b, row in zip(buckets, rows, strict=True) if "slot" in row
    }
    framework = Framework(
        name=text("name"),
        buckets=buckets,
        description=text("purpose"),
        method="template" if buckets else "custom",
        base_ccy=read_text(data.get("base_ccy", "USD"), place.field("base_ccy")),
        risk_band=text("risk_band"),
        rebalancing=_policy(data, place),
    )
    wrong = errors(check(framework))
    if wrong:
        raise place.error(f"the template is not valid: {wrong[0].message}", wrong[0].fix)
    return Template(text("id"), framework.name, framework.description, framework.risk_band, framework, slots)


def _bucket(row: Mapping[str, object], place: Place) -> Bucket:
    rules, notes = read_rules(row.get("rules", {}), place.field("rules"))
    if notes:
        raise place.error(notes[0].message)
    path = read_path(row.get("path"), place.field("path"))
    return Bucket(
        path=path,
        label=read_text(row.get("label", path.rpartition("/")[2]), place.field("label")),
        target_weight=read_weight(row.get("target_weight"), place.field("target_weight")),
        rules=rules,
    )


def _policy(data: Mapping[str, object], place: Place) -> Policy:
    given = data.get("rebalancing")
    if given is None:
        return ANNUAL
    try:
        return parse_policy(given)
    except InvalidPolicyError as error:
        raise place.field("rebalancing").error(error.message, error.hint) from None
