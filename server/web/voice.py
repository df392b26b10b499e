"""The clips of the announcements at `/voice/`, open like the pages' own files."""

import hashlib
import json
from typing import Final

from flask import Blueprint, Response, abort, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from look.voice import Voice

_KEPT_S: Final = 365 * 86_400
"""For an address that names the version; without one, browsers ask again by ETag."""


def voice_blueprint(voice: Voice) -> Blueprint:
    """`/voice/manifest.json`, and each clip it names.

    Only names that the manifest holds are answered; no path is ever made of an address.
    """
    blueprint = Blueprint("voice", __name__)
    body = json.dumps(voice.manifest(), separators=(",", ":")).encode()
    tag = hashlib.sha256(body).hexdigest()[:16]

    def manifest() -> AnyResponse:
        answer = Response(body, mimetype="application/json")
        answer.set_etag(tag)
        answer.cache_control.no_cache = True
        return answer.make_conditional(request)

    def clip(name: str) -> AnyResponse:
        known = voice.clips.get(name)
        if known is None or not known.path.is_file():
            abort(404)
        kept_s = _KEPT_S if request.args.get("v") == known.digest else None
        return send_file(
            known.path, "audio/wav", conditional=True, etag=known.digest, max_age=kept_s
        )

    for path, view in (("manifest.json", manifest), ("<path:name>.wav", clip)):
        blueprint.add_url_rule(
            f"/voice/{path}", view_func=view, methods=["GET"], provide_automatic_options=False
        )
    return blueprint
