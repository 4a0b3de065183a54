"""Policy lab: how far rebalancing policies lie apart on this portfolio, and whether the difference is luck."""

import streamlit as st

from keel.errors import KeelError
from keel.services.export import HYPOTHETICAL
from keel.ui import lab_answers, lab_inputs, lab_jobs, lab_luck, lab_view, session, widgets

ids = session.ids()
try:
    on = lab_answers.on_stage(ids.portfolio, ids.run)
except KeelError as error:
    lab_inputs.failure(error.message, error.hint, None)
    st.stop()

lab_inputs.fill(on, ids.run)
head = st.container()
lab_inputs.controls(on)
now = lab_inputs.asked()
lab_inputs.write(now)

try:
    job = lab_answers.landscape(on, now.axes)
    if job.finished(lab_jobs.AT_ONCE) and isinstance(job.error, KeelError):
        raise job.error
except KeelError as error:
    with head:
        lab_inputs.failure(error.message, error.hint, on)
    st.stop()

if not job.finished():
    with head:
        widgets.title(f"Trying {now.axes.size:,} policies")
        widgets.context(*lab_view.measured(on, now))
    lab_view.waiting(job, "lab")
    st.skeleton(height=320)
    st.stop()
if job.answer is None:
    raise job.error or RuntimeError("the sweep ended without an answer")
found = job.answer

with head:
    widgets.title(lab_view.finding(found, now.cost))
    widgets.context(*lab_view.measured(on, now))
lab_view.stopped(found, on)
lab_view.surface(found, now)
lab_view.trade_off(found, now)
lab_view.chosen(found, now, on)
if st.session_state.get(lab_inputs.LUCK):
    lab_luck.show(found, now, on)
st.caption(HYPOTHETICAL)
