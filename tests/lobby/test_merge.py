"""500 numbers of three kiosks that were away: all taken in, none renumbered, in their order."""

import random
import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from edge.client import ServerClient
from edge.clock import this_machine
from server.domain.ticket import milliseconds
from tests.campaigns.assembled_kiosk import AssembledKiosk, ModelPrinter
from tests.campaigns.lossy_disk import LossyConnection, LossyDisk, Power
from tests.kiosk.test_real_server import Lobby

TICKETS = 500
KIOSKS = 3
BAND_WIDTH = 50
CALLED = 40
TICKETS_PATH = "/api/v1/centres/binh-duong/tickets"
COUNTER_PATH = "/api/v1/centres/binh-duong/counters/q1"


@pytest.fixture
def lobby(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[Lobby]:
    made = Lobby(tmp_path, free_port())
    yield made
    made.close()


class Away:
    """A kiosk that can be cut off from its server."""

    def __init__(self, lobby: Lobby, token: str) -> None:
        self.client = ServerClient(f"http://127.0.0.1:{lobby.port}", token)
        disk, power = LossyDisk(), Power()
        self.kiosk = AssembledKiosk(
            Path("kiosk.db"), centre="binh-duong", client=self.client,
            printer=ModelPrinter(lambda: None), machine=this_machine(),
            take=secrets.token_bytes, broken_off=set(),
            opener=lambda path: LossyConnection(disk, power, path),
        )  # fmt: skip
        assert self.kiosk.meet()

    def press(self) -> str:
        """A number of its own."""
        self.kiosk.contact.lost()  # it does not even try
        return self.kiosk.touch("ho-tich").ticket.number

    def issued_ms(self) -> dict[str, int]:
        """When each of its numbers was given out, by the ticket's id."""
        rows = self.kiosk.database.rows("SELECT id, issued_at FROM ticket")
        return {row["id"]: milliseconds(datetime.fromisoformat(row["issued_at"])) for row in rows}

    def hand_in(self) -> None:
        """Everything, as its own thread does."""
        assert self.kiosk.meet()
        assert self.kiosk.hand_in.hand_in_all()

    def close(self) -> None:
        self.kiosk.database.close()
        self.client.close()


@pytest.fixture
def kiosks(lobby: Lobby) -> Iterator[list[Away]]:
    create = ("token", "create", "--role", "kiosk", "--centre", "binh-duong")
    tokens = [lobby.token, *(lobby.layso(*create) for _ in range(KIOSKS - 1))]
    made = [Away(lobby, token) for token in tokens]
    yield made
    for kiosk in made:
        kiosk.close()


def test_the_outboxes_of_three_kiosks_become_one_queue(lobby: Lobby, kiosks: list[Away]) -> None:
    rng = random.Random(500)
    numbers = [rng.choice(kiosks).press() for _ in range(TICKETS)]
    waiting = [kiosk.kiosk.spool.count() for kiosk in kiosks]
    assert sum(waiting) == TICKETS
    assert min(waiting) > BAND_WIDTH
    handing_in = [threading.Thread(target=kiosk.hand_in) for kiosk in kiosks]
    for thread in handing_in:
        thread.start()
    for thread in handing_in:
        thread.join()
    assert len(set(numbers)) == TICKETS
    assert sum(number.startswith("H7") or number.startswith("H8") for number in numbers) == 150
    assert lobby.tickets() == dict.fromkeys(numbers, "waiting")
    assert [kiosk.kiosk.spool.refused() for kiosk in kiosks] == [[], [], []]

    manager = ServerClient(
        f"http://127.0.0.1:{lobby.port}",
        lobby.layso("token", "create", "--role", "manager", "--centre", "binh-duong"),
    )
    issued_ms = {ticket: at_ms for kiosk in kiosks for ticket, at_ms in kiosk.issued_ms().items()}
    moments_ms = sorted(issued_ms.values())
    for ticket in rng.sample(sorted(issued_ms), 15):
        ahead = manager.get(f"{TICKETS_PATH}/{ticket}").body["ahead"]
        earliest = moments_ms.index(issued_ms[ticket])
        assert earliest <= ahead < earliest + moments_ms.count(issued_ms[ticket])
    manager.post(f"{COUNTER_PATH}/open", {})
    called = [
        manager.post(f"{COUNTER_PATH}/next", {}, key=f"call-next-{turn}").body["ticket"]["id"]
        for turn in range(CALLED)
    ]
    assert [issued_ms[ticket] for ticket in called] == moments_ms[:CALLED]
    manager.close()
    lobby.layso("verify")
