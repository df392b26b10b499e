"""The fleet's agenda: in time, in order, and not stopped by one failure."""

import threading
import time

import pytest

from simulation.fleet.agenda import Agenda


def test_actions_run_when_due_the_earlier_first() -> None:
    agenda, seen, done = Agenda(), [], threading.Event()
    agenda.start()
    started = time.monotonic()
    agenda.after(0.20, lambda: (seen.append("late"), done.set()))
    agenda.after(0.05, lambda: seen.append("early"))
    assert done.wait(2)
    assert time.monotonic() - started >= 0.20
    assert seen == ["early", "late"]
    agenda.stop()


def test_a_failing_action_is_logged_and_the_others_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    agenda, done = Agenda(), threading.Event()
    agenda.start()
    agenda.after(0, lambda: 1 / 0)
    agenda.after(0.02, done.set)
    assert done.wait(2)
    agenda.stop()
    assert agenda.failures == 1
    assert "division by zero" in caplog.text


def test_nothing_runs_after_stop() -> None:
    agenda, seen = Agenda(), []
    agenda.start()
    agenda.after(0.1, lambda: seen.append("too late"))
    agenda.stop()
    agenda.after(0, lambda: seen.append("too late"))
    time.sleep(0.2)
    assert seen == []
