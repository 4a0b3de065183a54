"""Stored frameworks, from Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from keel.notebook import stored

if TYPE_CHECKING:
    from keel.domain.exchange.templates import Template
    from keel.domain.framework.diff import Change
    from keel.domain.framework.records import Framework
    from keel.services.design import FrameworkSummary


def list_frameworks() -> tuple[FrameworkSummary, ...]:
    """Every framework at its newest version, last edited first."""
    from keel.services import design

    with stored() as db:
        return design.list_frameworks(db)


def list_templates() -> tuple[Template, ...]:
    """The templates: what each is for, and its framework."""
    from keel.services import design
    from keel.settings import load

    return design.templates(load())


def adopt_template(template: str, name: str = "") -> Framework:
    """A new framework from a template such as ``balanced``. Raises TemplateNotFoundError."""
    from keel.services import design
    from keel.settings import load

    with stored() as db:
        return design.adopt_template(db, load(), template, name)


def get_framework(id: str, version: int | None = None) -> Framework:
    """A framework at a version, the newest without one. Raises FrameworkNotFoundError."""
    from keel.services import design

    with stored() as db:
        return design.get_framework(db, id, version)


def save_framework(framework: Framework) -> Framework:
    """The framework as stored: a new one, or the next version of the one that was read.

    Raises InvalidFrameworkError, and EditConflictError where another version was saved since it was read.
    """
    from keel.domain.framework.validation import check
    from keel.services import design

    with stored() as db:
        if framework.id:
            return design.revise(db, framework.id, framework.version, framework)
        return design.save_new(db, framework, check(framework))


def framework_versions(id: str) -> tuple[Framework, ...]:
    """Every version, oldest first. Raises FrameworkNotFoundError."""
    from keel.services import design

    with stored() as db:
        return design.versions(db, id)


def diff_framework(id: str, a: int, b: int) -> tuple[Change, ...]:
    """What changed from version ``a`` to version ``b``. Raises FrameworkNotFoundError."""
    from keel.services import design

    with stored() as db:
        return design.diff(db, id, a, b)


def restore_framework(id: str, version: int) -> Framework:
    """An earlier version saved again as the newest. Raises FrameworkNotFoundError."""
    from keel.services import design

    with stored() as db:
        return design.restore(db, id, version)


def set_targets(id: str, targets: Mapping[str, float]) -> Framework:
    """The next version with these targets by path; what lies below a bucket that is not named follows in proportion.

    Raises FrameworkNotFoundError, InvalidFrameworkError.
    """
    from keel.services import design

    with stored() as db:
        return design.set_classes(db, id, targets)


def remove_bucket(id: str, path: str) -> Framework:
    """The next version without that bucket and what lies below it; its siblings share its weight."""
    from keel.services import design

    with stored() as db:
        return design.delete_class(db, id, path)


def set_products(id: str, shares: Mapping[str, Mapping[str, float]]) -> Framework:
    """The next version with these shares of products by path and symbol; they sum to 1 a bucket."""
    from keel.services import design

    with stored() as db:
        return design.set_holdings(db, id, shares)


def remove_product(id: str, path: str, symbol: str) -> Framework:
    """The next version without that product of a bucket; the others share its part."""
    from keel.services import design

    with stored() as db:
        return design.delete_holding(db, id, path, symbol)
