"""Liveness and metrics of an agent: /healthz and /metrics in the Prometheus text format.

Source: https://prometheus.io/docs/instrumenting/exposition_formats/ (text format 0.0.4).
"""

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Blueprint, Response, abort, jsonify, request

from edge.web import is_loopback

TEXT_FORMAT: Final = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Metric:
    """One metric: its name, what it means, its kind (`gauge` or `counter`) and its samples."""

    name: str
    meaning: str
    kind: str
    samples: list[tuple[Mapping[str, str], float]] = field(default_factory=list)


def exposition(metrics: Iterable[Metric]) -> str:
    """The text that Prometheus reads."""
    lines: list[str] = []
    for metric in metrics:
        lines.append(f"# HELP {metric.name} {metric.meaning}")
        lines.append(f"# TYPE {metric.name} {metric.kind}")
        lines += [f"{metric.name}{_labels(of)} {value:g}" for of, value in metric.samples]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    pairs = (f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return "{" + ",".join(pairs) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def health_blueprint(
    checks: Callable[[], dict[str, Any]],
    metrics: Callable[[], Iterable[Metric]],
    *,
    token: str = "",
) -> Blueprint:
    """`GET /healthz` and `GET /metrics`, open on loopback, else for the bearer of `token`.

    Args:
        checks: Facts for /healthz. Its `ok` (default True) decides between 200 and 503:
            is this program itself working? A server that is away is no reason to restart it.
        metrics: The metrics at this moment.
        token: The agent's own token, for a monitor that is not on this machine.
    """
    pages = Blueprint("health", __name__)

    @pages.before_request
    def only_for_operators() -> None:
        forwarded = "X-Forwarded-For" in request.headers
        if is_loopback(request.remote_addr or "") and not forwarded:
            return
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token or not hmac.compare_digest(given.encode(), token.encode()):
            abort(401)

    @pages.get("/healthz")
    def healthz() -> tuple[Response, int]:
        facts = dict(checks())
        ok = bool(facts.pop("ok", True))
        return jsonify({"status": "ok" if ok else "failing", **facts}), 200 if ok else 503

    @pages.get("/metrics")
    def prometheus() -> Response:
        return Response(exposition(metrics()), content_type=TEXT_FORMAT)

    return pages
