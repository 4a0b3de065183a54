"""What is in a bucket, as plain choices: guessed from its name until they are changed."""

from __future__ import annotations

import streamlit as st

from keel.domain.framework import tree
from keel.domain.framework.choices import CHOICES, CLASS, OFFERED, Choice, answer
from keel.domain.framework.contents import CHOSEN, chosen
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import kind
from keel.services.shared.contents import understood
from keel.ui.frame import widgets

ANY = "Any"
BY_KIND = {choice.kind: choice for choice in CHOICES}


def contents_input(framework: Framework, path: str) -> tuple[str, ...]:
    """Draws the choices, and returns the bucket's own tags as they now are: the same unless something was changed."""
    bucket = tree.get(framework, path)
    meant = understood(framework)
    now = {kind(tag): tag.partition(":")[2] for tag in tree.effective_rules(meant, path).include_tags}
    widgets.subheader("What is in it")
    st.caption(widgets.plain(origin(bucket, tree.get(meant, path))))
    with st.container(horizontal=True):
        answers = {CLASS: _choice(BY_KIND[CLASS], now.get(CLASS, ""), path)}
        for name in OFFERED.get(answers[CLASS], ()):
            answers[name] = _choice(BY_KIND[name], now.get(name, ""), f"{path}-{answers[CLASS]}")
    if all(now.get(name, "") == value for name, value in answers.items()):
        return bucket.rules.include_tags
    above = tree.parent(path)
    inherited = tree.effective_rules(meant, above).include_tags if above is not None else ()
    return chosen(answers, tree.implied_too(inherited, path), bucket.rules.include_tags)


def origin(bucket: Bucket, meant: Bucket) -> str:
    """Where a bucket's contents come from.

    >>> origin(Bucket("A/Gold", "Gold", 1.0), Bucket("A/Gold", "Gold", 1.0))
    'The same as the bucket above.'
    """
    if bucket.holdings:
        return "It names its products. They are kept whatever is chosen here."
    if CHOSEN in bucket.rules.include_tags:
        return "As chosen."
    if bucket.rules.include_tags:
        return "As its exact rules say."
    if any(kind(tag) == "contents" for tag in meant.rules.include_tags):
        return f"{bucket.label} does not say what it holds. Choose it here."
    return "Guessed from its name." if meant.rules.include_tags else "The same as the bucket above."


def _choice(choice: Choice, now: str, key: str) -> str:
    """The value chosen, empty for any."""
    values = ["", *choice.answers, *([now] if now and now not in choice.answers else [])]
    picked = st.selectbox(
        choice.label,
        values,
        index=values.index(now),
        format_func=lambda value: answer(choice.kind, value) if value else ANY,
        key=f"contents-{choice.kind}-{key}",
        width=200,
    )
    return picked or ""
