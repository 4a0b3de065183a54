"""``keel luck``: what of a difference between policies could be luck."""

from __future__ import annotations

from typing import Unpack

import click

from keel.commands import inputs, question
from keel.commands.output import Reply, busy, json_option, reply, table


@click.command()
@click.option("--histories", type=inputs.Whole(1, 20_000), default=500, help="Resampled histories (500).")
@click.option("--seed", type=inputs.Whole(0, 2**31), default=0, help="Where the draws begin (0).")
@click.option("--block", type=inputs.Whole(1, 10_000), help="Mean sessions of a block; else what suits the returns.")
@question.options(required=True)
@json_option
def luck(histories: int, seed: int, block: int | None, as_json: bool, **given: Unpack[question.Options]) -> Reply:
    """Say what of a backtest could be luck: another day of the check, another history, another start.

    Takes what `keel backtest` takes; the first policy is compared with each other one.
    """
    subject, asked = question.read(given)
    with busy("Asking other days, histories and starts"), inputs.about(subject.prices_path):
        from keel.backtest.luck.answers.as_json import report_json
        from keel.backtest.luck.answers.words import sentences
        from keel.domain.study.resampling import Resampling
        from keel.services.luck import report

        found = report(subject.prices, subject.book, asked, Resampling(histories, seed, block=block))
        return reply(report_json(found), table(list(sentences(found)), left=2), as_json)
