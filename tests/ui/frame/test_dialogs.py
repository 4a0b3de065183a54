"""A dialog is open where it was asked for, and nowhere else."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def _page() -> None:
    import streamlit as st

    from keel.ui.frame import dialogs

    asked = st.query_params
    if asked.get("ask"):
        dialogs.ask_for("pack")
    dialogs.arrive(asked["step"], asked["framework"])
    st.text(dialogs.asked())


class Shown:
    """Called with a step, a framework and whether to ask for a dialog, the name of the one that is drawn."""

    def __init__(self) -> None:
        self._page = AppTest.from_function(_page)

    def __call__(self, step: str, framework: str, ask: str = "") -> str:
        self._page.query_params.update({"step": step, "framework": framework, "ask": ask})
        return str(self._page.run().text[0].value)


def test_whoever_leaves_the_page_or_the_framework_leaves_the_dialog() -> None:
    shown = Shown()
    assert shown("drift", "a", "yes") == "pack"
    assert shown("drift", "a") == "pack"
    assert shown("rebalance", "a") == ""
    assert shown("drift", "a") == ""
    assert shown("drift", "a", "yes") == "pack"
    assert shown("drift", "b") == ""


def test_a_page_that_finds_the_framework_its_link_left_out_keeps_the_dialog() -> None:
    shown = Shown()
    assert shown("drift", "", "yes") == "pack"
    assert shown("drift", "a") == "pack"
