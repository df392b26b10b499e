"""The people of the demo: for each centre its visitors, and clerks at enough counters."""

import uuid
from random import Random

from edge.client import ServerClient
from edge.errors import ServerRefused, ServerUnreachable
from simulation import dataset, day
from simulation.demo.centre_copy import no_show_after_s
from simulation.demo.keys import Keys
from simulation.demo.options import CENTRES, Options
from simulation.fleet.agenda import Agenda
from simulation.fleet.clerk import Post
from simulation.fleet.lobby import Lobby, LobbyPlan

LEFT_TO_YOU = "q40"
"""The provincial centre's last counter: no virtual clerk takes it."""


class Fleet:
    """Everybody who comes and works, in all centres of the demo."""

    def __init__(self, options: Options, keys: Keys, random: Random) -> None:
        self.agenda = Agenda()
        self.lobbies = [
            Lobby(plan_of(centre, options, keys), self.agenda, random) for centre in CENTRES
        ]

    def start(self) -> None:
        """Open the counters and let people in."""
        self.agenda.start()
        for lobby in self.lobbies:
            lobby.start()

    def stop(self) -> None:
        """Nobody presses or calls any more once this returns."""
        self.agenda.stop()
        for lobby in self.lobbies:
            lobby.stop()


def start(options: Options, keys: Keys) -> Fleet:
    """A running fleet."""
    fleet = Fleet(options, keys, Random())  # noqa: S311 - chance, not secrecy
    fleet.start()
    return fleet


def your_phone(options: Options, keys: Keys) -> str | None:
    """The link of a number that waits for `LEFT_TO_YOU`, so that a phone can be tried."""
    path = f"/api/v1/centres/{CENTRES[0]}/tickets"
    client = ServerClient(options.server, keys.tokens[CENTRES[0]]["manager"])
    try:
        ticket = client.post(path, {"service": "ho-tich"}, key=uuid.uuid4().hex).body
        place = {"counter": LEFT_TO_YOU}
        client.post(f"{path}/{ticket['id']}/transfer", place, key=uuid.uuid4().hex)
    except (ServerRefused, ServerUnreachable):
        return None
    else:
        return str(ticket["track_url"])
    finally:
        client.close()


def plan_of(centre: str, options: Options, keys: Keys) -> LobbyPlan:
    """How one centre is kept busy at this speed."""
    data = dataset.centre(centre)
    kind = data["centre"]["kind"]
    people = dataset.people_per_day(kind, len(data["counter"]))
    typical = {row["id"]: row["typical_service_min"] for row in data["service"]}
    arrivals = day.Arrivals(dataset.day_profile(), people, options.speed)
    posts = [
        Post(
            centre,
            counter["id"],
            {skill: typical[skill] / options.speed for skill in counter["services"]},
            no_show_after_s(options.speed),
            options.speed,
        )
        for counter in data["counter"]
        if counter["id"] in staffed(centre, people)
    ]
    return LobbyPlan(
        centre=centre,
        server=options.server,
        kiosk=f"http://127.0.0.1:{options.kiosk_ports[centre]}",
        desk_token=keys.tokens[centre]["clerk"],
        hall_token=keys.tokens[centre]["hall"],
        shares=dataset.shares(kind),
        arrivals=arrivals,
        posts=posts,
    )


def staffed(centre: str, people: int) -> list[str]:
    """The counters that have a virtual clerk, so that queues form at the peak and drain after."""
    data = dataset.centre(centre)
    counters = {item["id"]: item["services"] for item in data["counter"]}
    if centre == CENTRES[0]:
        del counters[LEFT_TO_YOU]
    shares = dataset.shares(data["centre"]["kind"])
    typical = {row["id"]: row["typical_service_min"] for row in data["service"]}
    minutes = len(dataset.day_profile().slots) * dataset.day_profile().slot_min
    load = {name: people / minutes * share / 100 * typical[name] for name, share in shares.items()}
    return day.staff(counters, load)
