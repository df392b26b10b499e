"""The demo's options: the defaults of the contract, and wrong usage said in words."""

from pathlib import Path

import pytest

from simulation.demo.options import CENTRES, PROJECT, read


def test_without_any_word_the_contract_holds() -> None:
    options = read([], {})
    assert options.port == 8000
    assert options.kiosk_ports[CENTRES[0]] == 8100
    assert options.display_ports[CENTRES[0]] == 8200
    assert options.data_dir == PROJECT / "var" / "demo"
    assert options.speed == 20
    assert options.visitors
    assert options.open_browser


def test_everything_can_be_chosen(tmp_path: Path) -> None:
    words = ["--no-visitors", "--speed", "5", "--no-open"]
    options = read(words, {"LAYSO_PORT": "9000", "LAYSO_DATA_DIR": str(tmp_path)})
    assert (options.port, options.data_dir, options.speed) == (9000, tmp_path, 5)
    assert not options.visitors
    assert not options.open_browser
    assert len(set(options.ports)) == 1 + 2 * len(CENTRES)


@pytest.mark.parametrize(
    ("words", "environment", "said"),
    [
        (["--speed", "0"], {}, "--speed must be from 1 to 200, not 0"),
        (["--speed", "nan"], {}, "--speed must be from 1 to 200, not nan"),
        (["--fast"], {}, "unrecognized arguments: --fast"),
        ([], {"LAYSO_PORT": "http"}, "LAYSO_PORT must be a number from 1 to 65331, not 'http'"),
        ([], {"LAYSO_PORT": "65500"}, "LAYSO_PORT must be a number from 1 to 65331"),
    ],
)
def test_wrong_usage_ends_with_status_2_and_says_why(
    words: list[str],
    environment: dict[str, str],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        read(words, environment)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
