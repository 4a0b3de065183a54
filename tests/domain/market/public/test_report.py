"""A report in words and as JSON."""

from __future__ import annotations

from keel.domain.market.public.bars import Failure, FailureClass
from keel.domain.market.public.report import Report, failures, report_json, summary

GONE = Failure("GONE", FailureClass.delisted, "Yahoo has no prices of GONE.")
OFFLINE = tuple(Failure(symbol, FailureClass.timeout, "No network.") for symbol in ("SPY", "BND"))


def test_the_sentence_counts_what_there_is() -> None:
    report = Report(("A",), ("B", "C"), ("D",), (GONE,))
    assert summary(report) == "1 symbol with new prices, 2 up to date, 1 restated and fetched whole again, 1 failed"
    assert summary(Report(failed=(GONE,))) == "1 failed"


def test_a_sentence_that_is_true_of_several_stands_once() -> None:
    assert failures(Report(failed=(GONE, *OFFLINE))) == (
        ("delisted", "Yahoo has no prices of GONE."),
        ("timeout", "No network. (SPY, BND)"),
    )


def test_of_many_alike_the_first_is_told_and_the_others_are_named() -> None:
    many = tuple(Failure(f"X{n}", FailureClass.empty, f"X{n} has no price.") for n in range(20))
    named = ", ".join(f"X{n}" for n in range(1, 13))
    assert failures(Report(failed=many)) == (("empty", f"X0 has no price. (The same: {named} and 7 more)"),)


def test_as_json_every_failure_has_its_symbol_class_and_message() -> None:
    assert report_json(Report(("A",), failed=(GONE,), without_facts=("A",))) == {
        "fetched": ["A"],
        "unchanged": [],
        "restated": [],
        "failed": [{"symbol": "GONE", "class": "delisted", "message": "Yahoo has no prices of GONE."}],
    }
