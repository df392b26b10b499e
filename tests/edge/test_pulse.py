"""A thread that died or hangs is missed; one that comes round is not."""

import threading

from edge.pulse import ROUND_S, Pulse


def beaten(pulse: Pulse, name: str, go: threading.Event) -> threading.Thread:
    """A thread that has beaten once and then waits."""
    once = threading.Event()

    def run() -> None:
        pulse.beat()
        once.set()
        go.wait(10)

    thread = threading.Thread(target=run, name=name)
    thread.start()
    assert once.wait(10)
    return thread


def test_whoever_comes_round_in_time_is_not_missed() -> None:
    now = [100.0]
    pulse = Pulse(lambda: now[0])
    pulse.beat()
    now[0] += ROUND_S
    assert pulse.missing() == []
    now[0] += 0.1
    assert pulse.missing() == [threading.current_thread().name]
    pulse.beat()
    assert pulse.missing() == []


def test_the_dead_are_missed_at_once() -> None:
    pulse, go = Pulse(), threading.Event()
    threads = [beaten(pulse, name, go) for name in ("printer", "link")]
    assert pulse.missing() == []
    go.set()
    for thread in threads:
        thread.join()
    assert pulse.missing() == ["link", "printer"]
