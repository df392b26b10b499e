"""The loudspeaker in the agent's local API and metrics."""

from dataclasses import asdict

from flask import Blueprint, Response, jsonify

from display.voice.loudspeaker import Loudspeaker
from edge.health import Metric


def voice_blueprint(loudspeaker: Loudspeaker | None) -> Blueprint:
    """`/api/voice`: how the loudspeaker is and what it says; null where there is none."""
    blueprint = Blueprint("voice", __name__)

    @blueprint.get("/api/voice")
    def voice() -> Response:
        return jsonify(asdict(loudspeaker.report()) if loudspeaker is not None else None)

    return blueprint


def voice_metrics(loudspeaker: Loudspeaker | None) -> list[Metric]:
    """What a monitor is told of the loudspeaker; nothing where there is none."""
    if loudspeaker is None:
        return []
    now = loudspeaker.report()

    return [
        Metric(
            "layso_display_voice_up",
            "Whether the loudspeaker works.",
            "gauge",
            [({}, float(now.state != "broken"))],
        ),
        Metric(
            "layso_display_voice_said_total",
            "Announcements said to their end.",
            "counter",
            [({}, now.said_total)],
        ),
        Metric(
            "layso_display_voice_failed_total",
            "Announcements that the device did not take.",
            "counter",
            [({}, now.failed_total)],
        ),
        Metric(
            "layso_display_voice_dropped_total",
            "Calls that grew too old before they could be said.",
            "counter",
            [({}, now.dropped_total)],
        ),
        Metric(
            "layso_display_voice_wait_s",
            "Seconds from the newest call to its announcement.",
            "gauge",
            [({}, now.waited_s)],
        ),
        Metric(
            "layso_display_voice_wait_s_total",
            "Seconds from calls to their announcements, all together.",
            "counter",
            [({}, now.waited_total_s)],
        ),
    ]
