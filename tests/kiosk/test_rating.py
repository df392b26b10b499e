"""A rating at the kiosk: offered for a slip whose visit is over, handed to the server at once."""

import pytest

from tests.fakes.queue_server import QueueServer
from tests.kiosk.kiosk_stage import Called, Kiosk, call, until

TICKET = "0198a000-0000-7000-8000-00000000abcd"


def rate(kiosk: Kiosk, score: int = 4, ticket: str = TICKET) -> object:
    return call(f"{kiosk.url}/api/rate", {"ticket": ticket, "score": score})


@pytest.mark.parametrize("can_rate", [True, False])
def test_a_slip_that_may_be_rated_says_so(
    kiosk: Kiosk, server: QueueServer, can_rate: bool
) -> None:
    link = str(kiosk.press()["ticket"]["track_url"])
    (ticket,) = server.tickets.values()
    found = {"ticket": ticket | {"state": "served"}, "checked_in": False, "can_rate": can_rate}
    server.scans[link.rsplit("/", 1)[1]] = found
    assert kiosk.scan(link)["ticket"]["can_rate"] is can_rate
    assert kiosk.papers() == 1


def test_a_rating_reaches_the_server_under_its_own_key(kiosk: Kiosk, server: QueueServer) -> None:
    assert rate(kiosk) == {"state": "rated"}
    assert server.rated == [(f"rate.{TICKET}.4", {"score": 4})]
    with pytest.raises(Called) as refused:
        rate(kiosk, 1)
    assert (refused.value.status, refused.value.body["code"]) == (409, "already_rated")
    assert "đã được đánh giá" in refused.value.body["message"]["vi"]


def test_without_the_server_it_is_said_plainly(kiosk: Kiosk, server: QueueServer) -> None:
    server.stop()
    until(lambda: kiosk.state()["link"] != "up")
    with pytest.raises(Called) as refused:
        rate(kiosk)
    assert refused.value.status == 503
    assert "mất kết nối" in refused.value.body["message"]["vi"]


@pytest.mark.parametrize("body", [{"score": 9}, {"score": "5"}, {"ticket": "../x"}])
def test_a_faulty_rating_asks_nobody(
    kiosk: Kiosk, server: QueueServer, body: dict[str, object]
) -> None:
    with pytest.raises(Called) as refused:
        call(f"{kiosk.url}/api/rate", {"ticket": TICKET, "score": 4} | body)
    assert refused.value.status == 422
    assert server.rated == []
