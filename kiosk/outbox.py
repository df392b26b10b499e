"""How many numbers this kiosk gave and has not handed in: nobody may take its program away then."""

from edge.client import ServerClient
from edge.database import Database, DatabaseUnusable
from edge.errors import EdgeError
from edge.spool import Spool
from kiosk.config import KioskConfig
from kiosk.errors import KioskError

ANSWER_S = 3.0


def waiting(config: KioskConfig) -> int:
    """Count what waits to be handed in, whether or not the agent runs.

    Raises:
        KioskError: neither the agent nor its file says; what to do.
    """
    path = config.agent.data_dir / "kiosk.db"
    if not path.exists():
        return 0
    try:
        database = Database(path)
    except DatabaseUnusable as unusable:
        return _asked(config, unusable)
    try:
        return Spool(database).count()
    finally:
        database.close()


def _asked(config: KioskConfig, unusable: DatabaseUnusable) -> int:
    """Ask the agent that holds the file."""
    host = config.agent.listen_host
    shown = f"[{host}]" if ":" in host else host
    client = ServerClient(f"http://{shown}:{config.agent.listen_port}", config.agent.token)
    try:
        return int(client.get("/healthz", timeout_s=ANSWER_S).body["outbox"])
    except (EdgeError, KeyError, TypeError, ValueError) as error:
        raise KioskError(f"{unusable}; and it does not answer at its page: {error}") from error
    finally:
        client.close()
