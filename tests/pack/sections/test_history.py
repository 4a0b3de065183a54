"""The backtest's chapter has the page's numbers in the page's forms."""

from __future__ import annotations

from dataclasses import replace

from tests.pack.materials import FRAMEWORK, material

from keel import units, vocabulary
from keel.backtest.metrics import table as metrics
from keel.domain.policy.presets import PRESETS
from keel.pack.paper.document import Bullets, Facts, Lead, Table, Text, Title, Together
from keel.pack.sections.history import calendar_years, finding, history_section, metrics_table, sources_section


def test_every_metric_of_the_page_is_there_in_its_form() -> None:
    made = material()
    table = metrics_table(made, metrics.first())
    assert table.columns == ("Metric", "5/25 band", "Never")
    assert [row.cells[0] for row in table.rows] == [metric.label for metric in metrics.first()]
    assert table.rows[0].cells[1] == units.pct2(made.results[0].metrics["cagr"])


def test_the_chapter_begins_with_what_was_found() -> None:
    made = material()
    lead = history_section(made).blocks[0]
    assert isinstance(lead, Lead)
    assert lead.text == f"{finding(made.results)}."
    assert lead.under == "Jan 2018 – Jan 2024, monthly, total return."


def test_years_are_newest_first_and_a_long_table_is_folded() -> None:
    made = material()
    years = calendar_years(made.results)
    assert next(iter(years)) == "2024*"
    assert list(years)[-1] == "2018*"
    long = replace(
        made.results[0],
        metrics={"calendar_years": [{"year": year, "return": 0.1, "partial": False} for year in range(2000, 2021)]},
    )
    folded = next(
        block
        for block in history_section(replace(made, results=(long,))).blocks
        if isinstance(block, Table) and block.columns[0] == "Year"
    )
    assert folded.columns == ("Year", "5/25 band", "", "Year", "5/25 band")
    assert folded.rows[0].cells == ("2020", "10.0%", "", "2009", "10.0%")
    assert folded.rows[-1].cells == ("2010", "10.0%", "", "", "")


def test_the_falls_are_those_of_the_own_policy() -> None:
    titles = [block.text for block in history_section(material()).blocks if isinstance(block, Title)]
    assert titles[-1] == "The deepest falls of 5/25 band"
    yearly = material(framework=replace(FRAMEWORK, rebalancing=PRESETS["annual"]))
    turned = replace(yearly, results=yearly.results[::-1])
    titles = [block.text for block in history_section(turned).blocks if isinstance(block, Title)]
    assert titles[-1] == "The deepest falls of 5/25 band"


def test_a_policy_alone_is_not_named_again() -> None:
    made = material()
    blocks = history_section(replace(made, results=made.results[:1])).blocks
    titles = [block.text for block in blocks if isinstance(block, Title)]
    assert {"What the policy did", "The deepest falls"} <= set(titles)


def test_sources_notices_and_conventions_close_the_paper() -> None:
    made = material()
    blocks = sources_section(made).blocks
    facts = dict(next(block for block in blocks if isinstance(block, Facts)).rows)
    assert made.results[0].meta.fingerprint in facts["Data fingerprint"]
    assert isinstance(blocks[-1], Together)
    bullets = [block for block in (*blocks, *blocks[-1].blocks) if isinstance(block, Bullets)]
    said = [item for block in bullets for item in block.items]
    assert "Made up for a test." in said
    assert set(made.results[0].meta.conventions) <= set(said)
    last, end = blocks[-1].blocks
    assert isinstance(last, Bullets)
    assert (len(last.items), end) == (8, Text(vocabulary.HYPOTHETICAL))


def test_a_year_that_is_not_whole_and_was_worse_than_the_worst_is_said() -> None:
    made = material()
    years = [{"year": 2018, "return": -0.31, "partial": True}, {"year": 2019, "return": 0.1, "partial": False}]
    worse = replace(made.results[0], metrics={"worst_year": 0.1, "calendar_years": years})
    texts = [b.text for b in history_section(replace(made, results=(worse,))).blocks if isinstance(b, Text)]
    said = "2018 is not whole here, it begins on 31 Jan 2018: it came to −31.0%, worse than the worst full year."
    assert said in texts
    better = replace(worse, metrics={"worst_year": -0.4, "calendar_years": years})
    texts = [b.text for b in history_section(replace(made, results=(better,))).blocks if isinstance(b, Text)]
    assert not [text for text in texts if "whole" in text]
