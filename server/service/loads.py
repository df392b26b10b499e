"""How busy each service is, in one answer for the board, the list of centres and advice."""

from server.domain.centre import Centre
from server.service.answers import name
from server.service.pacing import Pacing
from server.service.ports import Tx
from server.service.work import open_counters
from wire.answers import ServiceLoad


def service_loads(tx: Tx, centre: Centre, pacing: Pacing, begun: bool) -> list[ServiceLoad]:
    """Who waits for each service that people can choose, who serves it, and the likely wait.

    Args:
        tx: An open snapshot.
        centre: The centre as it applies today.
        pacing: What is told of waits at this moment.
        begun: Whether the business day has begun; before that nobody waits.
    """
    waiting: dict[str, int] = {}
    regular: dict[str, int] = {}
    for queue in tx.queues(centre.id) if begun else ():
        waiting[queue.service] = waiting.get(queue.service, 0) + queue.waiting
        if (queue.priority, queue.pinned_to) == ("none", ""):
            regular[queue.service] = queue.waiting
    counters = open_counters(tx, centre) if begun else {}
    found = []
    for service in centre.offered():
        wait = pacing.newcomer(service.id, regular.get(service.id, 0))
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
