"""The templates there are, read once per folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from keel.domain.exchange.templates import Template, read_templates
from keel.settings import Settings
from keel.sources.embedded.templates import template_files


def templates(settings: Settings) -> tuple[Template, ...]:
    """The templates in their order. Raises ImportFormatError naming the file and field."""
    return _read(settings.data_dir / "templates")


@cache
def _read(folder: Path) -> tuple[Template, ...]:
    return read_templates(template_files(folder))
