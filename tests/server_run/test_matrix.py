"""From outside, at a running server: who may do what, in which state, and what stays as it was.

The table below is written by hand from the project's promises, not read from the code: a role that
the code lets in by mistake fails here.
"""

import http.client
import json
import sqlite3
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from tests.browser.real_lobby import CENTRE, PASSWORD, RealLobby, centre_file
from wire.words import ROLES

LOBBY: Final = "clerk greeter manager"
STAFF: Final = "clerk manager"
HEADS: Final = "manager admin"
ALL: Final = " ".join(ROLES)

WHO: Final[dict[str, str]] = {
    "POST tickets": "kiosk greeter clerk manager integration",
    "POST redirects": "kiosk greeter clerk manager",
    "POST services/ho-tich/limit": HEADS,
    "GET tickets/{ticket}": "clerk greeter manager kiosk admin",
    "POST tickets/{ticket}/call": STAFF,
    "POST tickets/{ticket}/recall": "clerk manager pad",
    "POST tickets/{ticket}/start": STAFF,
    "POST tickets/{ticket}/finish": STAFF,
    "POST tickets/{ticket}/no-show": "clerk manager pad",
    "POST tickets/{ticket}/hold": STAFF,
    "POST tickets/{ticket}/hold-reason": STAFF,
    "POST tickets/{ticket}/resume": STAFF,
    "POST tickets/{ticket}/return": LOBBY,
    "POST tickets/{ticket}/check-in": "kiosk greeter clerk manager",
    "POST tickets/{ticket}/transfer": STAFF,
    "POST tickets/{ticket}/cancel": LOBBY,
    "POST tickets/{ticket}/priority": LOBBY,
    "POST tickets/{ticket}/note": LOBBY,
    "GET tickets/{ticket}/jump": LOBBY,
    "GET services/ho-tich/jump": LOBBY,
    "POST counters/q1/open": STAFF,
    "POST counters/q1/pause": STAFF,
    "POST counters/q1/close": STAFF,
    "POST counters/q1/next": "clerk manager pad",
    "POST counters/q1/undo": STAFF,
    "POST counters/q1/receive": STAFF,
    "POST counters/q1/seat": STAFF,
    "POST counters/q1/leave": STAFF,
    "GET counters/q1/figures": "clerk manager admin",
    "GET counters/q1/desk": "clerk manager admin",
    "GET counters/q1/current": "clerk manager admin pad",
    "GET seats": "clerk greeter manager admin",
    "GET advice": HEADS,
    "POST advice": HEADS,
    "GET board": ALL,
    "GET procedures": "kiosk display clerk greeter manager admin integration",
    "GET accuracy": ALL,
    "GET offers?service=ho-tich": "kiosk greeter clerk manager",
    "GET devices": "greeter clerk manager admin integration",
    "POST help": "kiosk pad clerk manager",
    "GET help": "kiosk pad greeter clerk manager admin",
    "POST help/{help}/coming": LOBBY,
    "POST help/{help}/clear": "kiosk pad greeter clerk manager",
    "POST notices": HEADS,
    "GET notices": "hall kiosk display greeter clerk manager admin integration",
    "POST notices/{notice}/end": HEADS,
    "POST scans": "kiosk greeter",
    "GET tickets": "clerk greeter manager admin",
    "POST tickets/{ticket}/print": LOBBY,
    "GET prints/{print}": "clerk greeter manager admin",
    "POST print-tasks": "kiosk",
    "POST prints/{print}/end": "kiosk",
    "GET tokens": HEADS,
    "POST enrol-codes": HEADS,
    "POST devices/{device}": HEADS,
    "POST devices/{device}/revoke": HEADS,
    "GET audit": HEADS,
    "GET users": "",
    "POST users": "",
    "GET configuration": HEADS,
    "POST configuration": HEADS,
    "GET catalogue": HEADS,
    "GET procedures.csv": HEADS,
    "POST procedures/preview": HEADS,
    "POST procedures/import": HEADS,
    "POST procedures/{procedure}": HEADS,
    "POST procedures/{procedure}/remove": HEADS,
    "GET ratings": "manager admin integration",
    "GET counters/q1/rating": "hall",
    "POST tickets/{ticket}/rating": "hall kiosk",
}
"""Routes of a centre; whoever is not named gets 403, whoever says nothing gets 401."""

SIGNED_IN: Final = {"GET users": HEADS, "POST users": HEADS}
"""Routes for people who signed in alone: no token opens them."""

BODIES: Final[dict[str, dict[str, Any]]] = {
    "POST tickets": {"service": "ho-tich"},
    "POST redirects": {"service": "ho-tich", "to": "elsewhere"},
    "POST services/ho-tich/limit": {"limit": 9},
    "POST tickets/{ticket}/call": {"counter": "q2", "why": "khách yếu"},
    "POST tickets/{ticket}/transfer": {"service": "chung-thuc"},
    "POST tickets/{ticket}/priority": {"priority": "merit", "why": "có giấy"},
    "POST tickets/{ticket}/hold-reason": {"reason": "papers_to_fetch"},
    "POST tickets/{ticket}/note": {"text": "thiếu ảnh"},
    "POST counters/q1/receive": {"service": "ho-tich", "why": "khách yếu"},
    "POST advice": {"kind": "open", "counter": "q3"},
    "POST notices": {"text": {"vi": "Quầy 4 nghỉ"}},
    "POST scans": {"track": "x" * 21 + "A"},
    "POST tickets/{ticket}/print": {"device": "0" * 16},
    "POST tickets/{ticket}/rating": {"score": 5},
    "POST prints/{print}/end": {"outcome": "printed"},
    "POST enrol-codes": {"role": "hall"},
    "POST devices/{device}": {"name": "Sảnh"},
    "POST users": {"name": "moi", "role": "clerk", "password": "mot mat khau dai"},
}

TO: Final[dict[str, str]] = {
    "call": "waiting on_hold",
    "recall": "called",
    "start": "called",
    "finish": "called serving",
    "no-show": "called",
    "hold": "called serving",
    "hold-reason": "on_hold",
    "resume": "on_hold",
    "return": "called no_show on_hold",
    "transfer": "waiting called serving on_hold",
    "cancel": "waiting called on_hold",
    "priority": "waiting called serving on_hold",
}
"""The states from which each action is allowed."""

PLACE: Final = dict.fromkeys(("help", "notice", "print", "device"), "0" * 16) | {
    "procedure": "1.000001"
}
STATES: Final = ("waiting", "called", "serving", "served", "no_show", "on_hold", "cancelled")


@pytest.fixture(scope="module")
def lobby(
    tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]
) -> Iterator[RealLobby]:
    folder = tmp_path_factory.mktemp("matrix")
    made = RealLobby(folder, free_port())
    impatient = folder / "impatient.toml"
    impatient.write_text(centre_file() + "\n[policy]\nno_show_after_s = 0\n", encoding="utf-8")
    made.layso("centre", "import", str(impatient))
    yield made
    made.stop()


class Person(NamedTuple):
    """Somebody who signed in by the page."""

    cookie: str
    csrf: str


def signed_in(lobby: RealLobby, name: str) -> Person:
    """Sign in as a browser does; the cookie, and the token that guards commands."""
    form = urllib.parse.urlencode({"user": name, "password": PASSWORD}).encode()
    connection = http.client.HTTPConnection("127.0.0.1", lobby.port, timeout=10)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in", form, kind)
    answer = connection.getresponse()
    answer.read()
    cookies = [value for key, value in answer.getheaders() if key.lower() == "set-cookie"]
    cookie = next(one for one in cookies if one.startswith("layso_session="))
    value = cookie.partition("=")[2].partition(";")[0]
    connection.request("GET", "/api/v1/session", headers={"Cookie": f"layso_session={value}"})
    session = json.loads(connection.getresponse().read())
    connection.close()
    return Person(value, session["csrf"])


def ask(
    lobby: RealLobby, who: str | Person | None, route: str, **place: str
) -> tuple[int, dict[str, Any]]:
    """Ask a route of the centre; `{ticket}` and the like are filled from `place`."""
    method, _, path = route.partition(" ")
    url = f"{lobby.address}/api/v1/centres/{CENTRE}/{path.format(**place)}"
    request = urllib.request.Request(url, method=method)
    if isinstance(who, Person):
        request.add_header("Cookie", f"layso_session={who.cookie}")
        request.add_header("X-CSRF-Token", who.csrf)
    elif who is not None:
        request.add_header("Authorization", f"Bearer {lobby.tokens[who]}")
    if method == "POST":
        request.add_header("Content-Type", "application/json")
        request.add_header("Idempotency-Key", uuid.uuid4().hex)
        sent = BODIES.get(route, {})
        if route == "POST help" and who in ("clerk", "manager"):
            sent = {"counter": "q1"}  # A kiosk calls for itself; a desk says where.
        request.data = json.dumps(sent).encode()
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            body = answer.read()
            parsed = json.loads(body) if "json" in answer.headers["Content-Type"] else body
            return answer.status, {"body": parsed}
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def stored(lobby: RealLobby) -> dict[str, list[Any]]:
    """Every row of every table that a command writes, read beside the running server."""
    file = Path(lobby.data_dir) / "layso.sqlite3"
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        names = [
            row[0]
            for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if row[0] not in ("rate", "sqlite_sequence")
        ]
        found = {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in names}
    database.close()
    return found


def test_the_table_names_every_route_of_a_centre(lobby: RealLobby) -> None:
    with urllib.request.urlopen(f"{lobby.address}/api/v1/openapi.json", timeout=10) as answer:
        published = json.loads(answer.read())["paths"]
    inside = "/api/v1/centres/{centre}/"
    routes = {
        f"{method.upper()} {path.removeprefix(inside)}"
        .replace("{counter}", "q1").replace("{service}", "ho-tich")
        for path, methods in published.items()
        if path.startswith(inside)
        for method in methods
    }  # fmt: skip
    assert routes == {route.partition("?")[0] for route in WHO}


@pytest.mark.parametrize("role", [None, *ROLES])
def test_who_is_not_named_changes_nothing(lobby: RealLobby, role: str | None) -> None:
    ticket = lobby.issue()["id"]
    place = PLACE | {"ticket": ticket}
    before = stored(lobby)
    wrong = {}
    for route, allowed in WHO.items():
        if role is not None and role in allowed.split():
            continue
        status, problem = ask(lobby, role, route, **place)
        expected = (401, "unauthenticated") if role is None else (403, "forbidden")
        if (status, problem.get("code")) != expected:
            wrong[route] = (status, problem.get("code"))
    assert wrong == {}
    assert stored(lobby) == before


@pytest.mark.parametrize("role", ROLES)
def test_who_is_named_is_let_in(lobby: RealLobby, role: str) -> None:
    place = PLACE | {"ticket": lobby.issue()["id"]}
    refused = {}
    for route, allowed in WHO.items():
        # A pad may touch its own counter's ticket only: that is tried where pads are.
        if role not in allowed.split() or (role == "pad" and "{ticket}" in route):
            continue
        status, problem = ask(lobby, role, route, **place)
        # What the body lacks is said after the door: it is tried where each body is.
        if status in (401, 403, 405) or status >= 500:
            refused[route] = (status, problem)
    assert refused == {}


@pytest.mark.parametrize("role", ["clerk", "greeter", "manager"])
def test_whoever_signs_in_may_do_no_more_than_their_role(lobby: RealLobby, role: str) -> None:
    person = signed_in(lobby, role)
    place = PLACE | {"ticket": lobby.issue()["id"]}
    before = stored(lobby)
    wrong = {}
    for route, allowed in (WHO | SIGNED_IN).items():
        if role not in allowed.split():
            status, problem = ask(lobby, person, route, **place)
            if (status, problem.get("code")) != (403, "forbidden"):
                wrong[route] = (status, problem)
        elif route.startswith("POST"):
            status, problem = ask(lobby, person._replace(csrf="x"), route, **place)
            if (status, problem.get("code")) != (403, "csrf"):
                wrong[route] = (status, problem)
    assert wrong == {}
    assert stored(lobby) == before


def brought_to(lobby: RealLobby, state: str) -> str:
    """A fresh ticket in that state; where it needs a counter it has q2."""
    ticket: str = lobby.issue()["id"]
    way = {
        "waiting": [],
        "called": ["call"],
        "serving": ["call", "start"],
        "served": ["call", "finish"],
        "no_show": ["call", "no-show"],
        "on_hold": ["call", "hold"],
        "cancelled": ["cancel"],
    }[state]
    for action in way:
        status, problem = ask(lobby, "manager", f"POST tickets/{{ticket}}/{action}", ticket=ticket)
        assert status == 200, problem
    return ticket


def test_each_action_is_for_its_states_and_else_changes_nothing(lobby: RealLobby) -> None:
    lobby.at_counter("q2", "open")
    wrong = []
    for action, sources in TO.items():
        for state in STATES:
            ticket = brought_to(lobby, state)
            before = stored(lobby)
            status, problem = ask(
                lobby, "manager", f"POST tickets/{{ticket}}/{action}", ticket=ticket
            )
            if state in sources.split():
                expected = status == 200 and stored(lobby) != before
            else:
                expected = (status, problem.get("code"), problem.get("from")) == (
                    409, "invalid_transition", state,
                ) and stored(lobby) == before  # fmt: skip
            if not expected:
                wrong.append((action, state, status, problem))
            clear(lobby)
    assert wrong == []


def clear(lobby: RealLobby) -> None:
    """Free q2, whatever it has."""
    _, answer = ask(lobby, "manager", "GET counters/q1/current".replace("q1", "q2"))
    held = answer["body"]["ticket"]
    if held is not None:
        status, problem = ask(lobby, "manager", "POST tickets/{ticket}/finish", ticket=held["id"])
        assert status == 200, problem
