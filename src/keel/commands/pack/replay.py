"""``keel replay``: a bundle computed again, and each number that differs."""

from __future__ import annotations

from pathlib import Path

import click

from keel.commands import inputs
from keel.commands.output import Reply, busy, json_option, one_line, reply
from keel.errors import AuditError

DIFFERS = 2
MOST_SHOWN = 5


@click.command()
@click.argument("bundle", metavar="BUNDLE")
@json_option
def replay(bundle: str, as_json: bool) -> Reply:
    """Compute the run in a bundle again and compare every number to 1e-9.

    A bundle is what `keel export pack ID --out FILE.keel.zip` wrote. No database is needed.
    """
    from keel.pack.bundle.contents import LARGEST
    from keel.pack.bundle.replay import replay_json, sentence
    from keel.services import pack
    from keel.sources.files.disk import read_bytes

    with busy("Computing the run again"), inputs.about(bundle):
        done = pack.replay(read_bytes(Path(bundle), LARGEST), Path(bundle).name)
    if done.same:
        return reply(replay_json(done), sentence(done), as_json)
    first = " ".join(difference.sentence() for difference in done.differences[:MOST_SHOWN])
    line = f"{sentence(done)} {first}"
    if not as_json:
        raise AuditError(line, subject=bundle)
    click.echo(one_line(line), err=True)
    return reply(replay_json(done), "", as_json, DIFFERS)
