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


def test_whoever_leaves_the_page_or_the_framework_leaves_the_dialog() -> None:
    page = AppTest.from_function(_page)

    def shown(step: str, framework: str, ask: str = "") -> str:
        page.query_params.update({"step": step, "framework": framework, "ask": ask})
        return str(page.run().text[0].value)

    assert shown("drift", "a", "yes") == "pack"
    assert shown("drift", "a") == "pack"
    assert shown("rebalance", "a") == ""
    assert shown("drift", "a") == ""
    assert shown("drift", "a", "yes") == "pack"
    assert shown("drift", "b") == ""
