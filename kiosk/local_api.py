"""The kiosk's own HTTP, for its touch page, its keys and whoever tests it. Loopback by default.

Shapes (JSON; faults are `application/problem+json` with a stable `code` and, for people, a
`message` {"vi","en"}):

POST /api/press {"service", "priority"?, "language"?}      answers within 2 s, whatever happens
    200 {"ticket": {"id", "number", "service", "priority", "issued_at", "zone": Name or null,
                    "counters": [1, 2], "ahead": n or null,
                    "wait": {"likely_s", "high_s"} or null, "track_url"},
         "outcome": "printed" | "failed" | "unknown" | "printing",
         "mode": "online" | "offline",
         "message": {"vi", "en"}}              what to tell the citizen, e.g. that paper is out
    404 unknown_service · 409 centre_closed (also "opens_at") · 409 day_full
    422 invalid_body · 429 too_many_requests (Retry-After) · 503 unavailable
    A 200 always means that the number is valid and durable, whatever the paper did.

GET /api/tickets/{id}          the same body as the press; `outcome` is the final one once the
                               paper is out ("printing" until then); 404 unknown_ticket
POST /api/tickets/{id}/copy    prints it once more, marked as a copy when a paper may be out
                               already; 200 the same body, 404, 409 invalid_transition (still
                               printing), 429
GET /api/tickets/{id}/qr.svg   the slip's QR; black on white, quiet zone included

GET /api/state                 {"link": "up"|"down"|"connecting",
                                "printer": {"state": "ok"|"warn"|"error"|"unknown",
                                            "paper": "ok"|"low"|"out"|"unknown",
                                            "cover": "closed"|"open"|"unknown"},
                                "outbox": n, "refused": n, "clock_trusted": bool,
                                "band": {"from", "to", "left", "by_service": {ID: left}} or null}

GET /api/view                  everything the touch page shows; poll every 2 s with If-None-Match
                               (304 while nothing changed). Kept on disk, so that it is there from
                               a cold start with the server away.
    {"ready": bool,            false: this kiosk has never reached its server; only a plain error
                               can be shown
     "centre": CentreInfo of the wire or null   id, name, services (id, name, prefix, anywhere),
                               zones, counters, open, tickets, opens_at, closes_at, simulation
     "board": {SERVICE: {"waiting", "open_counters", "likely_s", "high_s"}}
                               empty while offline: an old wait is never shown as live
     "offline": bool,          true: numbers come from the kiosk's own band
     "link", "printer": as in /api/state,
     "clock": {"now": ISO 8601 in the centre's zone, "trusted": bool},
     "languages": ["vi", "en"], "language": "vi",
     "unprinted": [{"id", "number", "outcome", "issued_at"}]}
                               today's numbers whose paper is not known to be out, newest first

GET /  the touch page (touch/index.html) · GET /touch/… its files · GET /look/… the shared look
GET /healthz, /metrics
"""
