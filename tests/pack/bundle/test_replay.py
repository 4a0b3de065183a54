"""A bundle computed again gives the same numbers, and names each that does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.pack.bundle.test_read import packed, parts
from tests.pack.materials import FRAMEWORK, POLICIES, framework_book, material, prices

from keel.backtest.benchmark import benchmark
from keel.backtest.run import answer
from keel.domain.framework.records import Holding
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Contributions, RunSettings
from keel.domain.study.blend import Blend
from keel.domain.study.question import Question
from keel.pack.bundle.contents import PRICES, WEALTH
from keel.pack.bundle.read import read_bundle
from keel.pack.bundle.replay import Difference, Replay, replay, replay_json, sentence
from keel.pack.bundle.write import bundle
from keel.pack.material import Beside, Material


def again(made: Material) -> Replay:
    return replay(read_bundle(bundle(made), "a.keel.zip"))


def test_it_is_the_same_to_the_last_digit() -> None:
    done = again(material())
    assert done.same
    assert sentence(done).startswith("Computed again: 2 policies on 73 closes, ")
    assert sentence(done).endswith(", all the same to 1e-9.")
    assert replay_json(done)["differences"] == []


@pytest.mark.parametrize(
    "settings",
    [
        RunSettings(cost_bps={"AAA": 5.0, "BBB": 20.0}, fixed_fee=1.0, charge_initial=True, annual_fee_bps=80.0),
        RunSettings(contributions=Contributions(100.0), risk_free=0.02, lag=1, frozen=("Bonds",)),
    ],
)
def test_every_setting_comes_along(settings: RunSettings) -> None:
    policies = POLICIES | {"Tranches": replace(PRESETS["quarterly"], tranches=3)}
    question = Question("pf_1", policies, settings)
    results = answer(prices(), framework_book(), question, FRAMEWORK)
    assert again(material(question=question, results=results)).same


def test_a_benchmark_comes_along() -> None:
    made, blend = material(), Blend("Two", (Holding("AAA", 0.5), Holding("CCC", 0.5)))
    beside = benchmark(prices(), blend, "monthly", made.results[0])[0]
    assert beside is not None
    with_it = replace(
        made, question=replace(made.question, benchmark=blend), benchmark=Beside(beside, prices(), "monthly")
    )
    assert again(with_it).same
    assert read_bundle(bundle(with_it), "a").benchmark is not None


def test_a_price_that_was_changed_shows_in_the_part_the_fingerprint_and_the_figures() -> None:
    content = parts(bundle(material()))
    rows = content[PRICES].decode().splitlines()
    day, *closes = rows[40].split(",")
    rows[40] = ",".join([day, str(float(closes[0]) * 1.01), *closes[1:]])
    content[PRICES] = "\n".join([*rows, ""]).encode()
    done = replay(read_bundle(packed(content), "a"))
    said = [difference.where for difference in done.differences]
    assert said[:2] == ["The part prices.csv", "The fingerprint of the prices"]
    assert "5/25 band, volatility" in said
    assert "5/25 band, wealth" in said
    assert "differ." in sentence(done)
    wealth = next(d for d in done.differences if d.where == "5/25 band, wealth")
    assert wealth.sentence().startswith("5/25 band, wealth on 30 Apr 2021: ")


def test_a_figure_that_was_changed_shows() -> None:
    content = parts(bundle(material()))
    text = content[WEALTH].decode().splitlines()
    place, day, value = text[-1].split(",")
    content[WEALTH] = "\n".join([*text[:-1], f"{place},{day},{float(value) * (1 + 1e-7)!r}", ""]).encode()
    done = replay(read_bundle(packed(content), "a"))
    assert [d.where for d in done.differences] == ["The part wealth.csv", "Never, wealth"]
    assert not done.same


def test_a_difference_is_a_sentence() -> None:
    assert Difference("Yearly, volatility", 0.1, 0.2).sentence() == (
        "Yearly, volatility: 0.1 in the bundle, 0.2 computed."
    )
    assert np.isfinite(again(material()).compared)
