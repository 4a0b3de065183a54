"""Policy lab: how far rebalancing policies lie apart on this portfolio, and whether the difference is luck."""

import streamlit as st

from keel.domain.study.trust import caveats
from keel.errors import KeelError
from keel.ui.frame import session, trust, waiting, widgets
from keel.ui.lab import answers, inputs, luck, view
from keel.ui.lab import question as lab_question
from keel.vocabulary import HYPOTHETICAL

ids, base = session.ids(), None
try:
    base = answers.question_of(ids.portfolio, ids.run)
    question = lab_question.question(base, ids.run)
    on = answers.on_stage(question)
except KeelError as error:
    inputs.failure(error.message, error.hint, None, base)
    st.stop()

inputs.fill(on, ids.run)
head = st.container()
inputs.controls(on, answers.form_of(on))
now = inputs.choices()
inputs.write(now, question, base)

try:
    job = answers.landscape(on, now.axes)
    if job.finished(waiting.AT_ONCE) and isinstance(job.error, KeelError):
        raise job.error
except KeelError as error:
    with head:
        inputs.failure(error.message, error.hint, on)
    st.stop()

if not job.finished():
    with head:
        widgets.title(f"Trying {now.axes.size:,} policies")
        widgets.context(*view.measured(on, now))
    waiting.waiting(job, "lab")
    st.skeleton(height=320)
    st.stop()
if job.interrupted:
    with head:
        widgets.title(f"{now.axes.size:,} policies to try")
        widgets.context(*view.measured(on, now))
    waiting.interrupted(job, "lab")
    st.stop()
if job.answer is None:
    raise job.error or RuntimeError("the sweep ended without an answer")
found, verdicts = answers.found(on, now.axes, job.answer), answers.verdicts(on, now.axes)

with head:
    widgets.title(view.finding(found, now.cost, verdicts))
    widgets.context(*view.measured(on, now))
    widgets.settings(view.unusual(on, now.axes))
    trust.row(caveats(on.subject.prices, on.subject.book, on.question.settings), "lab")
    inputs.unsaved(question, base)
view.stopped(found, job)
below = view.surface(found, now, verdicts)
view.trade_off(found, now)
view.chosen(found, now, on)
if st.session_state.get(inputs.LUCK):
    luck.show(found, now, on)
view.testing(below, answers.ask_verdicts(on, now.axes))
st.caption(HYPOTHETICAL)
