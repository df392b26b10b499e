"""Behind Caddy and behind nginx the server is what it is without, and nobody is written down."""

import json
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from edge.client import ServerClient
from server.app_metrics import CertificateLook
from server.certificate import validity
from tests.firmware_config.debian_root import DebianRoot
from tests.firmware_config.proxy.conftest import (
    ELSEWHERE,
    HERE,
    PASSWORD,
    STARTERS,
    Lobby,
    Proxy,
    run_proxy,
)
from tests.realtime.conftest import Client, Refused, eventually

TICKETS = "/centres/phu-an/tickets"
PREVIEW = "/centres/phu-an/procedures/preview"
HOST = "localhost"


def sign_in(proxy: Proxy, origin: str, **how: Any) -> tuple[int, str]:
    """Status, and the cookie that a browser would send from then on."""
    fields = {"user": "quan-ly", "password": PASSWORD}
    status, headers, _ = proxy.form("/sign-in", fields, headers={"Origin": origin}, **how)
    return status, headers.get("set-cookie", "")


def test_people_sign_in_and_command_by_https(proxy: Proxy) -> None:
    assert sign_in(proxy, "https://elsewhere.example")[0] == 403
    status, cookie = sign_in(proxy, proxy.url)
    assert status == 303
    assert "Secure" in cookie
    session = {"Cookie": cookie.partition(";")[0]}
    csrf = json.loads(proxy.ask("GET", "/api/v1/session", None, session)[2])["csrf"]
    opening = ("POST", "/api/v1/centres/phu-an/counters/q1/open", b"{}")
    sent = {**session, "Content-Type": "application/json"}
    assert proxy.ask(*opening, sent)[0] == 403
    assert proxy.ask(*opening, {**sent, "X-CSRF-Token": csrf})[0] == 200


def test_a_second_name_is_an_origin_of_its_own(proxy: Proxy, lobby: Lobby) -> None:
    by_address = f"https://{HERE}:{proxy.port}"
    assert sign_in(proxy, by_address, name=HERE)[0] == 303
    assert sign_in(proxy, by_address.replace("https", "http"), name=HERE)[0] == 403


def test_sockets_watch_and_another_site_may_not(
    proxy: Proxy, lobby: Lobby, authority_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBSOCKET_CLIENT_CA_BUNDLE", str(authority_file))
    with pytest.raises(Refused):
        Client(proxy.url, {"token": lobby.tokens["hall"]}, origin="https://elsewhere.example")
    hall = Client(proxy.url, {"token": lobby.tokens["hall"]}, origin=proxy.url)
    seq = hall.watch("phu-an")["board"]["seq"]
    issued = proxy.api("POST", TICKETS, lobby.tokens["manager"], {"service": "ho-tich"},
                       headers={"Idempotency-Key": f"one-ticket-{proxy.kind}"})  # fmt: skip
    assert issued[0] == 201
    eventually(lambda: hall.seqs() == [seq + 1])
    eventually(lambda: bool(hall.named("pulse")))
    hall.close()


def test_an_agent_trusts_the_box_by_the_systems_authorities(
    proxy: Proxy, lobby: Lobby, authority_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))
    client = ServerClient(proxy.url, lobby.tokens["hall"])
    assert client.get("/api/v1/whoami", timeout_s=5).body["role"] == "hall"
    client.close()


def test_who_asks_is_the_proxys_client_whatever_it_claims(proxy: Proxy) -> None:
    """Codes may be tried ten times a minute from one address."""

    def tries(source: str, claims: str) -> int:
        headers = {"X-Forwarded-For": claims, "Forwarded": f"for={claims}"}
        body = {"code": "AAAA-AAAA"}
        status, _ = proxy.api("POST", "/enrol", "", body, headers=headers, source=source)
        return int(status)

    mine = f"127.0.{10 if proxy.kind == 'caddy' else 11}.1"
    assert [tries(mine, f"203.0.113.{n}") for n in range(11)] == [401] * 10 + [429]
    assert tries(mine, "127.0.0.1") == 429
    assert tries(mine.replace(".1", ".2"), mine) == 401


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
def test_only_a_watcher_with_a_token_sees_how_the_server_is(
    proxy: Proxy, lobby: Lobby, path: str
) -> None:
    token = {"Authorization": f"Bearer {lobby.tokens['manager']}"}
    for headers in ({}, token, {**token, "X-Forwarded-For": HERE}):
        assert proxy.ask("GET", path, None, headers, source=ELSEWHERE)[0] == 404
    assert proxy.ask("GET", path, None, {"X-Forwarded-For": HERE})[0] == 401
    assert proxy.ask("GET", path, None, token)[0] == 200


def test_bodies_have_their_limits_and_hurt_nobody(proxy: Proxy, lobby: Lobby) -> None:
    headers = {
        "Authorization": f"Bearer {lobby.tokens['manager']}",
        "Content-Type": "application/json",
        "Idempotency-Key": "much-of-nothing",
    }

    def sends(path: str, size: int) -> int:
        status, _, body = proxy.ask("POST", f"/api/v1{path}", b" " * size, headers)
        assert status != 413 or json.loads(body)["code"] == "body_too_large"
        return status

    assert [sends(TICKETS, size) for size in (65_536, 65_537, 3_000_000)] == [400, 413, 413]
    assert [sends(PREVIEW, size) for size in (5_900_000, 6_300_000)] == [400, 413]
    in_parts = iter([b" " * 40_000] * 3)
    assert proxy.ask("POST", f"/api/v1{TICKETS}", in_parts, headers)[0] == 413
    announced = {**headers, "Content-Length": "200000000"}
    assert proxy.ask("POST", f"/api/v1{PREVIEW}", None, announced)[0] == 413
    half = {**headers, "Content-Length": "1000"}
    with pytest.raises(OSError):
        proxy.ask("POST", f"/api/v1{TICKETS}", b"{", half, patience_s=0.2)
    assert sends(TICKETS, 10) == 400


def test_a_browser_gets_strict_https_two_and_small_answers(proxy: Proxy) -> None:
    wanted = {"Accept-Encoding": "gzip"}
    status, headers, _ = proxy.ask("GET", "/", None, wanted)
    assert status == 200
    assert headers["strict-transport-security"] == "max-age=86400"
    assert headers["content-security-policy"].startswith("default-src 'self'")
    _, headers, _ = proxy.ask("GET", "/api/v1/openapi.json", None, wanted)
    assert headers["content-encoding"] == "gzip"
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection((HOST, proxy.port)) as plain,
        context.wrap_socket(plain, server_hostname=HOST) as wire,
    ):
        assert wire.selected_alpn_protocol() == "h2"


def test_how_long_its_certificate_is_valid_is_seen(proxy: Proxy) -> None:
    registry = CollectorRegistry()
    CertificateLook(registry, proxy.url)()
    begins, ends = (
        datetime.fromtimestamp(
            registry.get_sample_value(f"layso_certificate_{which}_seconds") or 0, UTC
        )
        for which in ("begins", "ends")
    )
    wanted = {"caddy": timedelta(hours=12), "nginx": timedelta(days=90)}[proxy.kind]
    assert timedelta(0) <= wanted - (ends - datetime.now(UTC)) < timedelta(minutes=10)
    assert begins <= datetime.now(UTC)
    assert abs(ends - begins - wanted) < timedelta(minutes=10)
    for nothing in (b"", b"\x30\x03\x02\x01\x01", b"\x30\x82"):
        with pytest.raises(ValueError, match="no certificate"):
            validity(nothing)


def test_nothing_that_leads_to_a_citizen_is_written_down(proxy: Proxy, lobby: Lobby) -> None:
    secret = f"Sicher{proxy.kind}AAAAAAAAAAAAAA"
    for path in (f"/t/{secret}", f"//t/{secret}", f"/%74/{secret}", f"/T/{secret}",
                 f"/api/v1/track/{secret}", f"/api/v1/track/{secret}/rating"):  # fmt: skip
        assert proxy.ask("GET", path, source=ELSEWHERE)[0] in (404, 405)
    carried = {"Referer": f"{proxy.url}/t/{secret}", "Authorization": f"Bearer {secret}"}
    for path in ("/static/none.js", f"/nowhere-{proxy.kind}?near={secret}"):
        proxy.ask("GET", path, None, carried, source=ELSEWHERE)
    eventually(lambda: f"/nowhere-{proxy.kind}" in proxy.written())
    assert secret not in proxy.written()
    assert ELSEWHERE not in proxy.written()


@pytest.mark.full
@pytest.mark.parametrize("kind", sorted(STARTERS))
def test_also_of_a_server_that_is_away_nobody_is_written_down(
    debian: DebianRoot, kind: str, free_port: Callable[[], int]
) -> None:
    port, nobody, extra = free_port(), free_port(), free_port()
    running = run_proxy(debian, kind, port, nobody, extra, answering=(502, 503))
    proxy = next(running)
    secret = "GeheimAAAAAAAAAAAAAAAA"
    for path in (f"/t/{secret}", "/static/app.js"):
        headers = {"Referer": f"{proxy.url}/t/{secret}"}
        assert proxy.ask("GET", path, None, headers)[0] in (502, 503)
    eventually(lambda: "/static/app.js" in proxy.written())
    assert secret not in proxy.written()
    running.close()
