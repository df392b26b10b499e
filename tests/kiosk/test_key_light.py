"""What the lamp of a kiosk's key tells."""

from kiosk.key_light import KeyState, light


def test_the_lamp_tells_what_a_press_would_bring() -> None:
    state = KeyState()
    assert light(state, 0, can_give=True) == "on"
    assert light(state, 0, can_give=False) == "off"
    state.deaf_until_s = 13.0
    assert light(state, 12.9, can_give=True) == "off"
    assert light(state, 13.0, can_give=True) == "on"
    state.refused_until_s = 12.0
    assert light(state, 11.9, can_give=True) == "fast"
    assert light(state, 11.9, can_give=False) == "fast"
    state.asking = True
    assert light(state, 11.9, can_give=False) == "blink"
