"""The command line: the group of commands and the one place where an error becomes a line and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress

import click

from keel.commands.access.share import share_group
from keel.commands.access.token import token_group
from keel.commands.backtest import backtest
from keel.commands.benchmark.group import benchmark_group
from keel.commands.drift import drift
from keel.commands.fill.command import fill_bucket
from keel.commands.guided.profile import profile_group
from keel.commands.guided.propose import propose
from keel.commands.guided.workflow import workflow_group
from keel.commands.holdings.group import holdings_group
from keel.commands.init import init
from keel.commands.live.morning import morning
from keel.commands.live.move import move
from keel.commands.live.watch import watch
from keel.commands.lookthrough.exposures import exposures_group
from keel.commands.lookthrough.xray import xray
from keel.commands.luck import luck
from keel.commands.map import map_products
from keel.commands.output import Reply, one_line, written
from keel.commands.pack.brand import brand
from keel.commands.pack.export import export_group
from keel.commands.pack.replay import replay
from keel.commands.plan.command import plan
from keel.commands.policy.group import policy_group
from keel.commands.prices.group import prices_group
from keel.commands.serve import serve
from keel.commands.sweep import sweep
from keel.commands.universe.group import universe_group
from keel.commands.validate import validate
from keel.commands.verify import verify
from keel.errors import KeelError

UNUSABLE = 2
INTERRUPTED = 130
PIPE_CLOSED = 141


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="keel", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> Reply | None:
    """Keel holds an investment allocation on course.

    One framework, a tree of buckets with targets and a rebalancing policy, drives the mapping to products, the
    backtest and the drift report.
    """
    return Reply(context.get_help()) if context.invoked_subcommand is None else None


_GUIDED = (profile_group, propose, workflow_group)
_DESIGN = (validate, map_products, fill_bucket, backtest, benchmark_group, policy_group, sweep, luck)
_HELD = (holdings_group, drift, plan, morning, move, watch, xray, exposures_group, prices_group, universe_group)
for _command in (
    *_GUIDED,
    *_DESIGN,
    *_HELD,
    init,
    serve,
    share_group,
    token_group,
    brand,
    export_group,
    verify,
    replay,
):
    cli.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 fine, 1 an invalid framework (``validate`` only), 2 unusable input with one line on stderr."""
    try:
        answer = cli.main(arguments, prog_name="keel", standalone_mode=False)
        return _write(answer) if isinstance(answer, Reply) else int(answer or 0)
    except KeelError as error:
        return _refuse(f"{error.message} {error.hint}")
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "keel"
        return _refuse(f"{command}: {error.format_message()} (see {command} --help)")
    except click.ClickException as error:
        return _refuse(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        return _given_up(PIPE_CLOSED)
    except Exception as error:
        return _internal(error)


def _write(answer: Reply) -> int:
    if sys.stdout is None:
        return _refuse("The answer cannot be written: the output is closed.")
    try:
        return _written(answer)
    except BrokenPipeError:
        raise
    except OSError as error:
        _refuse(f"The answer cannot be written: {error.strerror or error}.")
        return _given_up(UNUSABLE)


def _written(answer: Reply) -> int:
    text = answer.text.encode(sys.stdout.encoding or "utf-8", errors="replace")
    sys.stdout.flush()
    if hasattr(sys.stdout, "buffer"):
        sys.stdout.buffer.write(text + b"\n")
    else:
        sys.stdout.write(answer.text + "\n")
    sys.stdout.flush()
    return answer.code


def _refuse(message: str) -> int:
    with suppress(OSError):  # nowhere left to say it
        click.echo(one_line(message), err=True)
    return UNUSABLE


def _given_up(code: int) -> int:
    # The reader went away (``keel … | head``), or the disk is full: Python's own flush at exit must not try again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _internal(error: Exception) -> int:
    log = os.environ.get("KEEL_DEBUG", "")
    if log and _logged(error, log):
        return _refuse(f"Keel hit an internal problem ({type(error).__name__}); the details are in {log}.")
    return _refuse(
        f"Keel hit an internal problem ({type(error).__name__}: {error}); "
        "run again with KEEL_DEBUG=keel.log for the details."
    )


def _logged(error: Exception, path: str) -> bool:
    """Whether the details could be written to the file, which is no database."""
    try:
        with written(path) as log:
            log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except (KeelError, OSError):
        return False
    return True
