"""News for the touch page: told once, in order, and nobody waits too long or too many."""

import threading
import time
from typing import Any

from kiosk import happenings
from kiosk.happenings import WAITERS, Happenings


def in_thread(news: Happenings, seq: int, page: str, hold_s: float = 5) -> list[Any]:
    """Ask in a thread; the answer and how long it took land in the list."""
    found: list[Any] = []

    def ask() -> None:
        began = time.monotonic()
        found.append(news.after(seq, page=page, hold_s=hold_s))
        found.append(time.monotonic() - began)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    found_thread.append(thread)
    return found


found_thread: list[threading.Thread] = []


def joined() -> None:
    for thread in found_thread:
        thread.join(timeout=6)
        assert not thread.is_alive()
    found_thread.clear()


def test_a_page_begins_now_and_hears_each_thing_once_in_order() -> None:
    news = Happenings()
    news.add("pressed", n=1)
    begun = news.after(None)
    assert begun == {"seq": 1, "happenings": []}
    news.add("pressed", n=2)
    news.add("scanned", n=3)
    heard = news.after(1)
    assert [one["n"] for one in heard["happenings"]] == [2, 3]
    assert news.after(heard["seq"], hold_s=0) == {"seq": 3, "happenings": []}


def test_a_page_of_an_earlier_run_begins_now() -> None:
    news = Happenings()
    news.add("pressed")
    assert news.after(700, hold_s=5) == {"seq": 1, "happenings": []}


def test_who_waits_hears_at_once() -> None:
    news = Happenings()
    found = in_thread(news, 0, "a")
    time.sleep(0.1)
    news.add("pressed", n=1)
    joined()
    assert found[0]["happenings"][0]["n"] == 1
    assert found[1] < 1


def test_three_pages_wait_and_the_fourth_is_answered_at_once() -> None:
    news = Happenings()
    waiting = [in_thread(news, 0, page) for page in "abc"]
    time.sleep(0.1)
    assert len(waiting) == WAITERS
    began = time.monotonic()
    assert news.after(0, page="d", hold_s=5)["happenings"] == []
    assert time.monotonic() - began < 0.5
    news.close()
    joined()
    assert all(found[1] < 1 for found in waiting)


def test_a_page_that_asks_again_ends_its_first_wait() -> None:
    news = Happenings()
    first = in_thread(news, 0, "a")
    time.sleep(0.1)
    second = in_thread(news, 0, "a")
    time.sleep(0.2)
    assert first[0] == {"seq": 0, "happenings": []}
    assert second == []
    others = [in_thread(news, 0, page) for page in "bc"]
    time.sleep(0.1)
    assert others == [[], []]
    news.add("pressed")
    joined()
    assert len(second[0]["happenings"]) == 1


def test_old_news_is_told_to_nobody() -> None:
    news = Happenings()
    news.add("pressed")
    at, what = news._ring[0]
    news._ring[0] = (at - happenings.FRESH_S, what)
    assert news.after(0, hold_s=0) == {"seq": 1, "happenings": []}
    for n in range(100):
        news.add("pressed", n=n)
    assert len(news.after(0)["happenings"]) == happenings.KEPT
