"""A centre file is read whole, or refused with every fault it has."""

import pytest

from server.domain.centre import VoiceRules, VolumeStep
from server.domain.centre_file import read_centre
from server.domain.dispatch import BALANCED, STRICT_BY_LAW
from tests.fakes.small_centre import CENTRE_FILE, HOURS
from wire.checks import FaultyFile


def faults_of(text: str) -> list[str]:
    with pytest.raises(FaultyFile) as refused:
        read_centre(text)
    return [str(fault) for fault in refused.value.faults]


def test_a_whole_file() -> None:
    centre, warnings = read_centre(CENTRE_FILE.replace("# hours", HOURS))
    assert centre.id == "thu-nghiem"
    assert [service.prefix for service in centre.offered()] == ["H", "A"]
    assert [counter.number for counter in centre.staffed()] == [1, 2]
    assert centre.hours.sessions[0].open_min == 7 * 60 + 30
    zone = centre.zone_of("q1")
    assert zone is not None
    assert zone.name.vi == "Khu A"
    assert warnings == []


def test_every_fault_at_once_with_key_and_suggestion() -> None:
    found = faults_of(
        """
        [centre]
        id = "X y"
        name = { vi = "", en = "Test" }
        nmae = 1
        timezone = "Asia/Hanoi2"
        hours = [{ days = "mon-fry", open = "25:00", close = "11:00" }]
        [[service]]
        id = "a"
        prefix = "Z"
        name = { vi = "A", en = "A" }
        target_wait_min = "x"
        [[service]]
        id = "a"
        prefix = "H"
        name = { vi = "A", en = "A" }
        [[counter]]
        id = "q"
        name = { vi = "Q", en = "Q" }
        services = ["b"]
        number = 0
        zone = "k"
        [polcy]
        """
    )
    text = "\n".join(found)
    for part in (
        "service[1].prefix: Z is kept",
        "service[1].target_wait_min: must be minutes",
        "service[2].id: 'a' is given twice",
        "counter[1].number: must be",
        "counter[1].services: 'b' is no service",
        "counter[1].zone: 'k' is no [[zone]]",
        "polcy: is not known here; did you mean 'policy'?",
        "centre.id: must be lower-case",
        "centre.name.vi: must be a text that is not empty",
        "centre.nmae: is not known here; did you mean 'name'?",
        "centre.timezone: 'Asia/Hanoi2' is no time zone",
        "centre.hours[1].days: 'fry' is none of",
        "centre.hours[1].open: '25:00' is no time of day",
    ):
        assert part in text


def test_a_missing_name_says_how_it_is_written() -> None:
    text = CENTRE_FILE.replace('name = { vi = "Quầy 1", en = "Counter 1" }', "")
    assert faults_of(text) == ['counter[1].name: is missing; give { vi = "…", en = "…" }']


def test_malformed_toml_names_its_line() -> None:
    assert "line 2" in faults_of("[centre]\nid = = 1\n")[0]


def test_prefixes_that_look_like_digits_warn_only() -> None:
    _, warnings = read_centre(CENTRE_FILE.replace('prefix = "A"', 'prefix = "B"'))
    assert len(warnings) == 1
    assert "taken for a digit" in warnings[0]


def test_policy_presets_and_overrides() -> None:
    text = CENTRE_FILE + '[policy]\npreset = "strict-by-law"\nno_show_after_s = 3\n'
    centre, _ = read_centre(text)
    assert centre.policy.weights == STRICT_BY_LAW.weights
    assert centre.rules.no_show_after_s == 3
    text = CENTRE_FILE + '[[policy.priority]]\ngroup = "elderly"\ntau_min = 2\n'
    centre, _ = read_centre(text)
    assert centre.policy.weight("elderly").tau_min == 2
    assert centre.policy.weight("elderly").head_start_min == 5
    assert centre.policy.weight("merit") == BALANCED.weight("merit")


def test_sessions_that_overlap_are_refused() -> None:
    early = '{ days = "mon-fri", open = "07:00", close = "12:00" }'
    late = '{ days = "wed", open = "11:00", close = "13:00" }'
    twice = f"hours = [{early}, {late}]"
    assert "centre.hours: sessions overlap on wed" in faults_of(
        CENTRE_FILE.replace("# hours", twice)
    )


def test_names_become_nfc() -> None:
    import unicodedata

    text = unicodedata.normalize("NFD", CENTRE_FILE)
    centre, _ = read_centre(text)
    assert centre.services["ho-tich"].name.vi == "Hộ tịch"


@pytest.mark.parametrize("wrong", ["0", "601", "-1", "true"])
def test_what_a_redirect_must_save_is_a_time(wrong: str) -> None:
    (fault,) = faults_of(CENTRE_FILE + f"[policy]\nredirect_saves_min = {wrong}\n")
    assert fault.startswith("policy.redirect_saves_min")
    centre, _ = read_centre(CENTRE_FILE + "[policy]\nredirect = false\nredirect_saves_min = 0.5\n")
    assert (centre.rules.redirect, centre.rules.redirect_saves_min) == (False, 0.5)
    assert read_centre(CENTRE_FILE)[0].rules.redirect_saves_min == 15


def test_how_calls_sound() -> None:
    assert read_centre(CENTRE_FILE)[0].voice == VoiceRules(chime=True, volume=())
    centre, _ = read_centre(
        CENTRE_FILE
        + """
        [voice]
        chime = false
        volume = [ { at = "17:30", percent = 50 }, { at = "07:00", percent = 80 } ]
        """
    )
    assert centre.voice == VoiceRules(False, (VolumeStep("07:00", 80), VolumeStep("17:30", 50)))


def test_faults_of_how_calls_sound_are_named_at_once() -> None:
    found = faults_of(
        CENTRE_FILE
        + """
        [voice]
        chime = "yes"
        chimes = true
        volume = [
            { at = "7:00", percent = 80 }, { at = "24:00", percent = 120 },
            { at = "08:00" }, { at = "08:00", percent = 1.5, vol = 3 },
        ]
        """
    )
    assert found == [
        "voice.volume[1].at: '7:00' is no time of day; write it as 07:00",
        "voice.volume[2].at: '24:00' is no time of day; write it as 07:00",
        "voice.volume[2].percent: must be a whole number of percent from 0 to 100, not 120",
        "voice.volume[3].percent: is missing; give a whole number of percent",
        "voice.volume[4].percent: must be a whole number of percent, not 1.5",
        "voice.volume[4].vol: is not known here",
        "voice.volume: gives 08:00 twice; leave one step for each time",
        "voice.chime: must be true or false, not 'yes'",
        "voice.chimes: is not known here; did you mean 'chime'?",
    ]
