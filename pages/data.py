"""Data: which prices are held, from where, and how healthy they are."""

import streamlit as st

from keel.services.market import catalogue
from keel.ui.data import access, imports, products, refresh
from keel.ui.frame import widgets
from keel.ui.frame.root import database
from keel.ui.reference import data as data_view

db = database()
datasets = catalogue.datasets(db)

used = catalogue.used(db)
widgets.title(data_view.finding_title(db, datasets, used))
widgets.context("The embedded sample works without a network")
if not datasets:
    st.markdown("Start the server again to load the embedded sample.")
imports.section(db)
refresh.section(db)
products.section(db)
for dataset in data_view.ordered(datasets):
    data_view.section(db, dataset, used)
access.section(db)
