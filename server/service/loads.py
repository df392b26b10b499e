"""How busy each service is, in one answer for the board, the list of centres and advice."""

from server.service.answers import name, newcomer_standing
from server.service.pacing import Pacing
from server.service.snapshot import Snapshot
from server.service.work import open_counters
from wire.answers import ServiceLoad


def service_loads(snap: Snapshot, pacing: Pacing, now_ms: int) -> list[ServiceLoad]:
    """Who waits for each service that people can choose, who serves it, and the likely wait.

    Args:
        snap: A centre; before its business day has begun nobody waits.
        pacing: What is told of waits at this moment.
        now_ms: The present moment.
    """
    waiting: dict[str, int] = {}
    for queue in snap.queues():
        waiting[queue.service] = waiting.get(queue.service, 0) + queue.waiting
    counters = open_counters(snap.tx, snap.centre) if snap.begun else {}
    standing = newcomer_standing(pacing, snap.tx, snap.centre.id, now_ms)
    found = []
    for service in snap.centre.offered():
        wait = standing(service.id, "none").wait
        found.append(
            ServiceLoad(
                service.id,
                name(service.name),
                waiting.get(service.id, 0),
                sum(service.id in skills for skills in counters.values()),
                wait.likely_s if wait else None,
                wait.high_s if wait else None,
            )
        )
    return found
