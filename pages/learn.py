"""Learn: the words, how wide a band is, and the conventions behind the numbers."""

import streamlit as st

from keel import vocabulary
from keel.ui.frame import widgets
from keel.ui.reference import learn

widgets.title("What the words mean")
widgets.context("One word, one meaning, one unit", "The same on every page, in every file and on the command line")

wanted = st.text_input("Find a word", placeholder="drift, band, Sharpe", type="search", live=True)
found = learn.matching(wanted)
if not found:
    st.markdown(f"No word holds “{widgets.plain(wanted)}”. Try another, or clear the field to see them all.")
for group in vocabulary.GROUPS:
    terms = [term for term in found if term.group == group]
    if terms:
        widgets.header(group)
        learn.glossary(group, terms)

if not wanted:
    widgets.header("How wide is a band?")
    learn.bands()
    widgets.header("Conventions")
    learn.conventions()
