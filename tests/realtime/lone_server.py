"""The sockets alone, in a process of their own, over fakes; told what to do on stdin.

Lines of JSON: {"commit": n}, {"lose": n} (committed elsewhere, no bell), {"revoke": token},
{"ahead": n}, {"advise": [id, …]}, {"taken": centre}, {"ail": [code, …]}, {"help": [state, …]},
{"notices": [audience, …]}, {"prints": [state, …]}, {"coming": [ticket, …]}, {"seqs": true}.
Every line is answered by one line.
"""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
from flask import Flask  # noqa: E402
from gevent.fileobject import FileObject  # noqa: E402

from server.http_server import HttpServer, listen  # noqa: E402
from server.realtime.lobby import (  # noqa: E402
    coming_watch,
    device_watch,
    help_watch,
    notice_watch,
    print_watch,
)
from server.realtime.pictures import PictureWatch  # noqa: E402
from server.realtime.relay import Relay  # noqa: E402
from server.realtime.sockets import Sockets  # noqa: E402
from server.service.ports import Caller  # noqa: E402
from tests.fakes.live import FakeAdviser, FakeDoorkeeper, FakeLobby, FakeReadings  # noqa: E402
from tests.realtime.lone_names import TRACK  # noqa: E402
from wire.words import ROLES  # noqa: E402


def callers() -> dict[str, Caller]:
    """A token of every role of `here`, one of `there`, and the province's admin."""
    found = {
        f"{role}-here": Caller(id=f"t:{role}", role=role, centre="here")  # type: ignore[arg-type]
        for role in ROLES
    }
    found["hall-there"] = Caller(id="t:2", role="hall", centre="there")
    found["admin"] = Caller(id="t:3", role="admin", centre=None)
    return found


def advise(order: dict[str, Any], adviser: FakeAdviser, sockets: Sockets) -> None:
    """Give other advice from now on, or say that some was taken."""
    adviser.ids = order.get("advise", adviser.ids)
    if "taken" in order:
        sockets.advice_taken(order["taken"])


def attend(order: dict[str, Any], lobby: FakeLobby, calls: list[PictureWatch]) -> None:
    """Let the kiosk ail from now on, or call for help, or put notices up."""
    lobby.notices = order.get("notices", lobby.notices)
    lobby.trouble = order.get("ail", lobby.trouble)
    lobby.help = order.get("help", lobby.help)
    lobby.prints = order.get("prints", lobby.prints)
    lobby.on_the_way = order.get("coming", lobby.on_the_way)
    if order.keys() & {"help", "notices", "prints", "coming"}:
        for picture in calls:
            picture.changed("here")


def main() -> None:
    """Serve until stdin ends."""
    readings = FakeReadings("here", "there", keeps=50)
    readings.tracked[TRACK] = ("here", "ticket-1")
    doorkeeper = FakeDoorkeeper(callers())
    adviser = FakeAdviser("open.q7.dat-dai")
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    app = Flask("lone")
    relay = Relay(readings)
    address = "http://queue.example"
    lobby = FakeLobby()
    calls = [
        help_watch(lobby), notice_watch(lobby, staff=True), notice_watch(lobby, staff=False),
        print_watch(lobby),
        coming_watch(lobby),
    ]  # fmt: skip
    sockets = Sockets(
        app, relay, readings, doorkeeper, adviser,
        pictures=[device_watch(lobby), *calls], public_url=address,
    )  # fmt: skip
    server = HttpServer(listener, app, shared=False)
    server.start()
    relay.start()
    sockets.start()
    print(port, flush=True)

    def obey(order: dict[str, Any]) -> Any:
        for _ in range(order.get("commit", 0)):
            relay.committed([readings.commit("here", order.get("filler", ""))])
            if order.get("slowly"):
                gevent.sleep(0.002)
        for _ in range(order.get("lose", 0)):
            readings.commit("here")
        if "revoke" in order:
            doorkeeper.revoke(order["revoke"])
        if "ahead" in order:
            readings.ahead = order["ahead"]
        advise(order, adviser, sockets)
        attend(order, lobby, calls)
        return {
            "seq": readings.seq_of("here"),
            "clients": sockets.count,
            "cut": sockets.evicted,
            "asked": adviser.asked,
            "looked": lobby.asked,
        }

    for line in FileObject(sys.stdin.buffer, "rb"):
        print(json.dumps(obey(json.loads(line))), flush=True)
    sockets.stop()
    relay.stop()
    server.stop(timeout=1)


if __name__ == "__main__":
    main()
