"""Staff who watch see ailing devices, calls for help and notices; others what is theirs."""

import time
from collections.abc import Callable
from typing import Any

from tests.realtime.conftest import Client, LoneServer, eventually
from wire.words import ROLES

Connect = Callable[..., Client]


def ailing(client: Client) -> list[list[str]]:
    """The kiosk's troubles in each `devices` event so far."""
    return [told["devices"][0]["trouble"] for told in client.named("devices")]


def calling(client: Client) -> list[list[str]]:
    """The states of the calls in each `help` event so far."""
    return [[call["state"] for call in told["calls"]] for told in client.named("help")]


def test_a_device_that_ails_is_seen_after_watch_and_within_two_seconds(
    lone: LoneServer, connect: Connect
) -> None:
    greeter = connect("greeter-here")
    greeter.watch("here")
    eventually(lambda: ailing(greeter) == [[]], within_s=1.0)
    (told,) = greeter.named("devices")
    assert told["centre"] == "here"
    assert told["devices"][0]["name"] == "Cửa chính"
    lone.tell(ail=["paper_out"])
    eventually(lambda: ailing(greeter) == [[], ["paper_out"]], within_s=2.0)
    time.sleep(1.2)
    assert len(ailing(greeter)) == 2
    late = connect("manager-here")
    late.watch("here")
    eventually(lambda: ailing(late) == [["paper_out"]], within_s=1.0)


def test_a_call_for_help_is_seen_at_once(lone: LoneServer, connect: Connect) -> None:
    kiosk, greeter = connect("kiosk-here"), connect("greeter-here")
    for client in (kiosk, greeter):
        client.watch("here")
        eventually(lambda: calling(client) == [[]], within_s=1.0)  # noqa: B023
    for states in (["called"], ["coming"], []):
        lone.tell(help=states)
        eventually(lambda: calling(greeter)[-1] == states, within_s=0.7)  # noqa: B023
        eventually(lambda: calling(kiosk)[-1] == states, within_s=0.7)  # noqa: B023
    (caller,) = [call["caller"] for call in greeter.named("help")[1]["calls"]]
    assert caller == {"kind": "kiosk", "kiosk": 3, "name": "Cửa chính"}


def noticed(client: Client) -> list[list[str]]:
    """The audiences of the notices in each `notices` event so far."""
    return [[one["audience"] for one in told["notices"]] for told in client.named("notices")]


def test_a_notice_is_seen_at_once_by_its_audience(lone: LoneServer, connect: Connect) -> None:
    hall, clerk = connect("hall-here"), connect("clerk-here")
    for client in (hall, clerk):
        client.watch("here")
        eventually(lambda: noticed(client) == [[]], within_s=1.0)  # noqa: B023
    lone.tell(notices=["all", "staff"])
    eventually(lambda: noticed(clerk) == [[], ["all", "staff"]], within_s=0.7)
    eventually(lambda: noticed(hall) == [[], ["all"]], within_s=0.7)
    assert hall.named("notices")[-1]["notices"][0]["text"]["vi"] == "Quầy 4 nghỉ"
    lone.tell(notices=[])
    eventually(lambda: noticed(hall)[-1] == [], within_s=0.7)


def papers(client: Client) -> list[list[str]]:
    """The states of the papers in each `prints` event so far."""
    return [[order["state"] for order in told["orders"]] for told in client.named("prints")]


def test_a_paper_that_is_asked_for_rings_at_the_kiosk_at_once(
    lone: LoneServer, connect: Connect
) -> None:
    kiosk, greeter = connect("kiosk-here"), connect("greeter-here")
    for client in (kiosk, greeter):
        client.watch("here")
        eventually(lambda: papers(client) == [[]], within_s=1.0)  # noqa: B023
    for states in (["waiting"], ["printed"]):
        lone.tell(prints=states)
        eventually(lambda: papers(kiosk)[-1] == states, within_s=0.7)  # noqa: B023
        eventually(lambda: papers(greeter)[-1] == states, within_s=0.7)  # noqa: B023
    lone.tell(prints=[])
    eventually(lambda: papers(kiosk)[-1] == [], within_s=0.7)


def test_only_those_who_may_are_told(lone: LoneServer, connect: Connect) -> None:
    silent = [connect(f"{role}-here") for role in ("display", "pad", "integration")]
    for client in silent:
        client.watch("here")
    lone.tell(ail=["paper_out"], help=["called"], coming=["t1"])
    time.sleep(1.5)
    assert lone.tell()["looked"] == 0

    clients: dict[str, Any] = {role: connect(f"{role}-here") for role in ROLES}
    for client in clients.values():
        client.watch("here")
    told = {"greeter", "clerk", "manager", "admin"}
    eventually(lambda: all(ailing(clients[role]) for role in told))
    eventually(lambda: all(calling(clients[role]) for role in {*told, "kiosk"}))
    staff = {"clerk", "manager", "admin"}
    eventually(lambda: all(clients[role].named("coming") for role in staff))
    assert {role for role in ROLES if clients[role].named("coming")} == staff
    assert clients["clerk"].named("coming")[-1] == {"centre": "here", "tickets": ["t1"]}
    assert {role for role in ROLES if ailing(clients[role])} == told
    assert {role for role in ROLES if calling(clients[role])} == {*told, "kiosk"}
    assert {role for role in ROLES if noticed(clients[role])} == {*told, "kiosk", "hall"}
    assert {role for role in ROLES if papers(clients[role])} == (told | {"kiosk"}) - {"admin"}
