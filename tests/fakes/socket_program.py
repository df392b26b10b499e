"""A server that speaks the sockets of the contract and can be told to misbehave. A program.

    python socket_program.py PORT TOKEN CENTRE SEQ

Flask-SocketIO on gevent, WebSocket only, as the real one. `POST /control {"do": …}` drives it.
"""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402 - gevent patches first
from datetime import UTC, datetime  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
from flask import Flask, jsonify, request  # noqa: E402
from flask_socketio import ConnectionRefusedError, SocketIO  # noqa: E402

PORT, TOKEN, CENTRE, SEQ = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
app = Flask("socket_program")
sockets = SocketIO(app, async_mode="gevent", transports=["websocket"], cors_allowed_origins=[])
counters: dict[str, dict[str, Any]] = {}
log: list[dict[str, Any]] = []
calls: list[dict[str, Any]] = []
now: dict[str, Any] = {
    "seq": SEQ, "mute": False, "deaf": False, "watches": 0, "pulse_s": 0.5, "beats": [],
}  # fmt: skip


def moment() -> str:
    return datetime.now(UTC).isoformat()


def board() -> dict[str, Any]:
    return {
        "centre": CENTRE, "day": "2026-11-23", "seq": now["seq"], "as_of": moment(),
        "calls": calls[::-1][:20], "services": [], "counters": list(counters.values()),
    }  # fmt: skip


def write(kind: str, counter: str, number: str | None, counter_state: str) -> dict[str, Any]:
    """One event as the real server writes it: state, seq, and the change to push."""
    now["seq"] += 1
    states = {"called": "called", "recalled": "called", "started": "serving", "served": "served"}
    place = {"id": counter, "number": int(counter[1:]), "state": counter_state}
    held = None if number is None or kind == "served" else {"number": number, "state": states[kind]}
    counters[counter] = {**place, "services": [], "ticket": held}
    ticket = number and {
        "id": number, "number": number, "service": "s", "state": states[kind], "zone": None,
    }  # fmt: skip
    call = {"call_id": f"c{now['seq']}", "times": 1} if kind in ("called", "recalled") else None
    if call:
        told = {"number": number, "service": "s", "counter": place, "zone": None}
        calls.append({**call, **told, "called_at": moment()})
    change = {
        "centre": CENTRE, "seq": now["seq"], "at": moment(), "kind": kind,
        "ticket": ticket or None, "call": call, "counter": place,
    }  # fmt: skip
    log.append(change)
    return change


@sockets.on("connect")
def connect(auth: dict[str, str] | None = None) -> None:
    if (auth or {}).get("token") != TOKEN:
        raise ConnectionRefusedError("unauthenticated")


@sockets.on("watch")
def watch(asked: dict[str, Any]) -> dict[str, Any]:
    now["watches"] += 1
    while now["deaf"]:
        gevent.sleep(0.05)
    if asked.get("centre") != CENTRE:
        return {"error": "forbidden"}
    after = asked.get("after")
    if after is not None:
        return {"changes": [change for change in log if change["seq"] > after]}
    return {"board": board()}


@app.post("/control")
def control() -> Any:
    """`write` (with `push`: which of the new changes go out, in which order), or settings."""
    order = request.get_json()
    changes = [write(**change) for change in order.get("write", ())]
    for index in order.get("push", range(len(changes))):
        sockets.emit("change", changes[index])
    now.update(order.get("set", {}))
    return jsonify({**now, "board": board()})


@app.post("/api/v1/heartbeat")
def heartbeat() -> Any:
    """Kept for `control` to tell."""
    now["beats"] = [*now["beats"], request.get_json()]
    return jsonify({"now": moment()})


@app.get("/api/v1/centres/<centre>")
def about(centre: str) -> Any:
    if request.headers.get("Authorization") != f"Bearer {TOKEN}":
        return jsonify({"code": "unauthenticated", "title": "T", "status": 401}), 401
    name = {"vi": "Trung tâm thử", "en": "Test centre"}
    zone = "Asia/Ho_Chi_Minh"
    return jsonify({"id": centre, "name": name, "timezone": zone, "simulation": 20.0})


def pulse() -> None:
    while True:
        gevent.sleep(now["pulse_s"])
        if not now["mute"]:
            sockets.emit("pulse", {"centre": CENTRE, "seq": now["seq"]})


gevent.spawn(pulse)
print("ready", flush=True)
sockets.run(app, host="127.0.0.1", port=PORT)
