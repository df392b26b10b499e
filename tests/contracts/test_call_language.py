"""Which of the tickets on the board asked for another language, on every store."""

from server.service.ports import Store, Tx
from tests.fakes.ticket_rows import put, ticket


def test_only_those_who_asked_for_another_language_are_told(store: Store) -> None:
    def fill(tx: Tx) -> None:
        for number, language in ((1, "vi"), (2, "en"), (3, "en")):
            put(tx, ticket(number, language=language))

    store.run("c", fill)
    asked = ["id-0001", "id-0002", "id-0009"]
    assert store.read(lambda tx: tx.foreign(asked)) == {"id-0002": "en"}
    assert store.read(lambda tx: tx.foreign([])) == {}
