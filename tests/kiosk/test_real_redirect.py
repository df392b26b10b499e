"""The kiosk, the real server and two centres: an offer, and its number printed here."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge.client import ServerClient
from tests.kiosk.kiosk_stage import Called, Kiosk, until
from tests.kiosk.test_real_server import CENTRE, Lobby

HERE = CENTRE.replace("typical_service_min = 8", "typical_service_min = 8\nanywhere = true")
THERE = (
    HERE.replace('id = "binh-duong"', 'id = "thuan-an"')
    .replace("lon = 106.6 ", "lon = 106.63 ")
    .replace("tỉnh Bình Dương", "phường Thuận An")
)


@pytest.fixture
def lobby(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[Lobby]:
    made = Lobby(tmp_path, free_port())
    for name, text in (("here", HERE), ("there", THERE)):
        path = tmp_path / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        made.layso("centre", "import", str(path))
    yield made
    made.close()


@pytest.fixture
def kiosk(lobby: Lobby) -> Iterator[Kiosk]:
    made = Kiosk(lobby.config())
    yield made.met()
    made.stop()


def test_an_offer_is_taken_and_counts_there(lobby: Lobby, kiosk: Kiosk) -> None:
    for centre in ("binh-duong", "thuan-an"):
        token = lobby.layso("token", "create", "--role", "manager", "--centre", centre)
        client = ServerClient(f"http://127.0.0.1:{lobby.port}", token)
        client.post(f"/api/v1/centres/{centre}/counters/q1/open", {})
        client.close()
    for _ in range(8):
        kiosk.press()
    offered = kiosk.offer()
    (offer,) = offered["offers"]
    assert (offered["fits"], offered["waiting"]) == (True, 8)
    assert (offer["centre"], offer["address"], offer["waiting"]) == ("thuan-an", "Bình Dương", 0)
    answer = kiosk.redirect(to=offer["centre"])
    ticket = answer["ticket"]
    assert (ticket["number"], answer["outcome"], ticket["address"]) == (
        "H001",
        "printed",
        "Bình Dương",
    )
    assert answer["centre"]["vi"] == "Trung tâm Phục vụ hành chính công phường Thuận An"
    assert ticket["track_url"].startswith(f"http://127.0.0.1:{lobby.port}/t/")
    assert kiosk.papers() == 9
    until(lambda: kiosk.offer()["offers"][0]["waiting"] == 1)
    assert kiosk.state()["outbox"] == 0
    assert kiosk.offer(priority="elderly")["offers"] == []
    with pytest.raises(Called) as refused:
        kiosk.redirect(to="khong-co")
    assert (refused.value.status, refused.value.body["code"]) == (409, "unknown_centre")
    lobby.layso("verify")
