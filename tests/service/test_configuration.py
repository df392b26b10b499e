"""A configuration is replaced whole, by the rules of a file; nobody's change is overwritten."""

from typing import Any

import msgspec
import pytest

from server.domain.centre_file import read_centre
from server.service.configuration import Configurations
from server.service.ports import Caller, Store
from server.service.verify import verify
from tests.fakes.small_centre import CENTRE, MANAGER, SmallCentre
from wire.configuration import Configuration, ConfigurationRequest, ConfigurationView
from wire.errors import Refusal

TABLE = "code,name_vi,name_en,field_vi,level,on_the_spot,documents_vi,service\n1,A,,,,,,ho-tich\n"
ADMIN = Caller("u:admin", "admin", None)


class Pages(SmallCentre):
    """The small centre, with its configuration as pages change it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.configurations = Configurations(self.store, self.clock, self.lobby.begin)

    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.to_builtins(self.view().configuration)
        return found

    def view(self, centre: str = CENTRE) -> ConfigurationView:
        return self.configurations.view(centre)

    def put(
        self, data: dict[str, Any], version: int, *, centre: str = CENTRE, caller: Caller = MANAGER
    ) -> ConfigurationView:
        body = ConfigurationRequest(version, msgspec.convert(data, Configuration))
        reply = self.configurations.replace(caller, centre, body, None)
        return msgspec.json.decode(reply.body, type=ConfigurationView)

    def refused(self, data: dict[str, Any], version: int = 1, **more: Any) -> Refusal:
        before = self.rows()
        with pytest.raises(Refusal) as refusal:
            self.put(data, version, **more)
        assert self.rows() == before
        return refusal.value

    def rows(self) -> list[Any]:
        return [
            self.store.read(lambda tx, name=name: tx.all(f"SELECT * FROM {name}"))  # type: ignore[misc]
            for name in ("centre", "ledger", "event", "audit")
        ]

    def noted(self) -> list[tuple[str, dict[str, str]]]:
        sql = "SELECT action, detail FROM audit WHERE actor <> 'cli' ORDER BY id"
        return [
            (action, msgspec.json.decode(detail))
            for action, detail in self.store.read(lambda tx: tx.all(sql))
        ]


def test_a_change_is_stored_as_the_file_and_told(store: Store) -> None:
    centre = Pages(store)
    data = centre.data()
    data["service"][0]["target_wait_min"] = 20
    data["service"][0]["name"]["vi"] = "  Hô\u0323\u00a0ti\u0323ch mới "
    told = centre.put(data, 1)
    assert (told.version, told.changed.by if told.changed else None) == (2, "")
    exported = centre.centres.export(CENTRE)
    assert exported is not None
    assert read_centre(exported)[0].services["ho-tich"].name.vi == "Hộ tịch mới"
    assert centre.readings.centre(CENTRE).services[0].target_wait_min == 20
    assert centre.kinds()[-1] == "config_changed"
    assert centre.noted() == [
        (
            "configuration_changed",
            {
                "changes": "service ho-tich name vi: Hộ tịch → Hộ tịch mới; "
                "service ho-tich target_wait_min: 15 → 20"
            },
        )
    ]
    centre.centres.import_file(exported)
    assert centre.view().version == 2
    assert verify(store) == []


def test_the_same_again_changes_nothing_and_keeps_the_file_as_people_wrote_it(store: Store) -> None:
    centre = Pages(store)
    before = centre.rows()
    assert centre.put(centre.data(), 1).version == 1
    assert centre.rows() == before
    assert centre.centres.export(CENTRE) == centre.file


def test_whoever_was_too_slow_is_told_so_and_procedures_are_no_change(store: Store) -> None:
    centre = Pages(store)
    data = centre.data()
    centre.centres.import_procedures(CENTRE, TABLE)  # a new version, and no other configuration
    data["centre"]["address"] = "Số 2"
    assert centre.put(data, 1).version == 2
    data["centre"]["address"] = "Số 3"
    refusal = centre.refused(data)
    assert refusal.code == "version_conflict"
    assert "Its version is 2" in refusal.detail


def test_every_fault_is_named_by_its_field(store: Store) -> None:
    centre = Pages(store)
    data = centre.data()
    data["service"][1]["prefix"] = "H"
    data["service"][1]["name"]["en"] = " \u00a0"
    data["counter"][0]["services"] = ["ho-tichh"]
    data["counter"][1]["zone"] = "b"
    data["centre"]["hours"] = [{"days": "mon-fry", "open": "7:30", "close": "25:00"}]
    data["policy"]["undo_s"] = 61
    data["voice"]["volume"] = [{"at": "7h", "percent": 101}]
    data["centre"]["id"] = "khac"
    refusal = centre.refused(data)
    assert refusal.code == "configuration_refused"
    assert {fault.field for fault in refusal.errors} >= {
        "centre.id", "service[2].prefix", "service[2].name.en", "counter[1].services",
        "counter[2].zone", "centre.hours[1].days", "centre.hours[1].open", "centre.hours[1].close",
        "policy.undo_s", "voice.volume[1].at", "voice.volume[1].percent",
    }  # fmt: skip


def test_what_people_depend_on_is_not_retired(store: Store) -> None:
    centre = Pages(store)
    centre.issue("dat-dai")
    centre.open("q2")
    data = centre.data()
    data["service"] = data["service"][:1]
    data["counter"] = [{**data["counter"][0], "services": ["ho-tich"]}]
    said = {fault.field: fault.message for fault in centre.refused(data).errors}
    assert said == {
        "service 'dat-dai'": "is missing, but people wait for it",
        "counter 'q2'": "is missing, but it is open",
    }


def test_a_prefix_and_a_time_zone_wait_for_the_next_day(store: Store) -> None:
    centre = Pages(store)
    data = centre.data()
    data["service"][0]["prefix"] = "C"
    data["centre"]["timezone"] = "Asia/Bangkok"
    told = centre.put(data, 1)
    assert [(one.field, one.today, one.next) for one in told.pending] == [
        ("centre.timezone", "Asia/Ho_Chi_Minh", "Asia/Bangkok"),
        ("service[1].prefix", "H", "C"),
    ]
    assert centre.issue("ho-tich")["number"] == "H001"
    centre.clock.forward(days=1)
    assert centre.issue("ho-tich")["number"] == "C001"
    assert centre.view().pending == []


def test_the_provinces_admin_makes_a_centre_and_nobody_else(store: Store) -> None:
    centre = Pages(store)
    data = centre.data()
    data["centre"]["id"] = "moi"
    assert centre.refused(data, 0, centre="moi").code == "unknown_centre"
    own = Caller("u:own", "admin", CENTRE)
    assert centre.refused(data, 0, centre="moi", caller=own).code == "unknown_centre"
    assert centre.refused(data, 1, centre="moi", caller=ADMIN).code == "unknown_centre"
    assert centre.put(data, 0, centre="moi", caller=ADMIN).version == 1
    assert centre.noted() == [("centre_created", {})]
    assert centre.refused(data, 0, centre="moi", caller=ADMIN).code == "version_conflict"
    assert verify(store) == []


def test_what_a_request_leaves_out_is_what_a_file_leaves_out(store: Store) -> None:
    """The defaults of the wire are those of the reader."""
    centre = Pages(store)
    name = {"vi": "A", "en": "A"}
    service = {"id": "a", "prefix": "H", "name": name}
    times = {"target_wait_min": 15, "typical_service_min": 8}
    data = {
        "centre": {"id": "it", "name": name},
        "service": [{**service, **times}],
        "zone": [{"id": "z", "name": name}],
    }
    centre.put(data, 0, centre="it", caller=ADMIN)
    least = (
        '[centre]\nid = "it"\nname = { vi = "A", en = "A" }\n[[service]]\nid = "a"\n'
        'prefix = "H"\nname = { vi = "A", en = "A" }\n'
        '[[zone]]\nid = "z"\nname = { vi = "A", en = "A" }\n'
    )
    exported = centre.centres.export("it")
    assert exported is not None
    assert read_centre(exported)[0] == read_centre(least)[0]


def test_patience_without_end_comes_and_goes(store: Store) -> None:
    centre = Pages(store)
    data = centre.data()
    assert data["policy"]["patience_min"] is None
    data["policy"]["patience_min"] = "never"
    assert centre.put(data, 1).configuration.policy.patience_min == "never"
    assert centre.put(centre.data(), 2).version == 2
