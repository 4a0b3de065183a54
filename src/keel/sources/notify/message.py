"""Telling somebody outside: a webhook, mail, and whatever else apprise speaks, an optional extra loaded when used.

An address may hold a password: none is shown, stored or logged.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from keel.errors import NotSentError

HINT = "It is told again at the next look."


def send(addresses: Sequence[str], title: str, text: str) -> None:
    """Tells every address. Raises NotSentError where one could not be told, or cannot be understood."""
    try:
        import apprise
    except ImportError:
        hint = "pip install 'keel[notify]'"
        raise NotSentError(
            "apprise is not installed, which sends messages.", hint=hint, subject="KEEL_NOTIFY"
        ) from None
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it logs addresses, and what an endpoint answered
    for number, address in enumerate(addresses, 1):
        teller = apprise.Apprise()
        if not teller.add(address):
            message = f"Address {number} of KEEL_NOTIFY cannot be understood."
            raise NotSentError(message, hint="Write such as mailto://… or json://…", subject="KEEL_NOTIFY")
        if not teller.notify(body=text, title=title):
            raise NotSentError(f"Address {number} of KEEL_NOTIFY could not be told.", hint=HINT, subject="KEEL_NOTIFY")
