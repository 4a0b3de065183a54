"""Every problem of a framework at once, as issues in plain words with their remedies.

What a framework says of itself is always judged; what needs to know products is judged when these facts are given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from keel.domain.constraints.evaluation import constraint_issues
from keel.domain.framework.checks import tree, weights
from keel.domain.framework.checks.products import coverage_issues, rule_issues, tag_issues
from keel.domain.framework.records import Framework
from keel.domain.issue import Finding, Severity, errors
from keel.domain.market.currencies import CURRENCIES
from keel.domain.policy.records import require_policy
from keel.domain.text import shown
from keel.errors import InvalidFrameworkError, InvalidPolicyError
from keel.units import SHORT_YEARS


def check(
    framework: Framework,
    known_tags: Collection[str] | None = None,
    eligible: Mapping[str, int] | None = None,
    history_years: Mapping[str, float] | None = None,
) -> tuple[Finding, ...]:
    """Every issue, errors first.

    ``known_tags`` are the tags that products carry; ``eligible`` the number of products per leaf path;
    ``history_years`` the length of price history per symbol. Without them, what needs them is not judged.

    >>> from keel.domain.framework.records import Bucket
    >>> pair = Framework("Pair", (Bucket("A/Stocks", "Stocks", 0.6), Bucket("A/Bonds", "Bonds", 0.38)))
    >>> [(i.code, i.message, i.fixes[0].label) for i in check(pair)]
    [('sum', 'The buckets make 98.0%, the whole is 100.0%.', 'Add 2.0% to Bonds')]
    """
    found = [
        *_framework_issues(framework),
        *tree.issues(framework),
        *weights.issues(framework),
        *rule_issues(framework),
        *constraint_issues(framework),
    ]
    if known_tags is not None:
        found.extend(tag_issues(framework, frozenset(known_tags)))
    found.extend(coverage_issues(framework, eligible or {}, history_years or {}, SHORT_YEARS))
    return tuple(sorted(found, key=lambda i: i.severity is not Severity.error))


def require_valid(framework: Framework) -> None:
    """Raises InvalidFrameworkError with every issue, unless the framework has buckets and no errors."""
    found = check(framework)
    wrong = errors(found)
    if wrong:
        raise InvalidFrameworkError(first_error(found), issues=found, hint=wrong[0].fix, subject=wrong[0].subject)
    if not framework.buckets:
        raise InvalidFrameworkError(
            f"{framework.name or 'The framework'} has no buckets yet.", issues=found, hint="Add a bucket."
        )


def first_error(issues: tuple[Finding, ...]) -> str:
    """The first error in one sentence, where it is and how many more there are; empty when there is none."""
    wrong = errors(issues)
    if not wrong:
        return ""
    first = wrong[0]
    place = "" if not first.subject or first.subject in first.message else f"{first.subject}: "
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    return f"{place}{first.message}{more}"


def _framework_issues(framework: Framework) -> Iterator[Finding]:
    if not framework.buckets:
        yield Finding("empty", Severity.warning, "", "There are no buckets yet.", "Add a bucket or choose a template.")
    if framework.base_ccy not in CURRENCIES:
        message = f"{shown(framework.base_ccy)} is not a currency."
        yield Finding(
            "unknown_currency", Severity.error, "base_ccy", message, "Use an ISO code such as USD, EUR or CHF."
        )
    try:
        require_policy(framework.rebalancing)
    except InvalidPolicyError as error:
        subject = f"rebalancing.{error.subject}" if error.subject else "rebalancing"
        yield Finding("invalid_policy", Severity.error, subject, error.message, error.hint)
