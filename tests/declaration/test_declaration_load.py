import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.declaration import Declaration, load_declaration, parse_declaration, read_data
from harness.declaration.event import EVENT_ROLES
from harness.declaration.role import LOG_ROLES, ROLES
from harness.errors import DeclarationError, UsageError

Load = Callable[[str], Declaration]

CASES = tomllib.loads((Path(__file__).parent / "wrong_declarations.toml").read_text(encoding="utf-8"))["wrong"]


LISTS = {
    "{roles}": tuple(ROLES),
    "{single_roles}": tuple(role for role, one in ROLES.items() if not one.many),
    "{profiles}": tuple(role for role, one in ROLES.items() if 7 in one.classes),
    "{logs}": LOG_ROLES,
    "{events}": tuple(EVENT_ROLES),
}
"""The lists of names that grow with the project, in the order in which they are told."""


def filled(line: str) -> str:
    for name, names in LISTS.items():
        line = line.replace(name, ", ".join(names))
    return line


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_wrong_file_names_line_key_and_what_is_allowed(
    case: dict[str, Any], base: str, load: Load, tmp_path: Path
) -> None:
    assert base.count(case["replace"]) >= 1
    with pytest.raises(DeclarationError) as caught:
        load(base.replace(case["replace"], case["by"], 1))
    told = [filled(line) for line in case["told"]]
    assert str(caught.value).split("\n") == [f"{tmp_path / 'device.toml'}:{line}" for line in told]


def test_enormous_number_is_not_repeated(base: str, load: Load) -> None:
    with pytest.raises(DeclarationError) as caught:
        load(base.replace("entries = 960", "entries = 0x" + "f" * 5000))
    told = "entries: is a number that is much too large; allowed: a whole number from 1 to 4294967295"
    assert str(caught.value).endswith(told)


def test_all_problems_are_told_at_once_in_the_order_of_the_file(base: str, load: Load) -> None:
    text = base.replace("entries = 960", "entries = 0").replace('"wan"', '"W"').replace("class = 7", "class = 8")
    with pytest.raises(DeclarationError) as caught:
        load(text)
    keys = [line.split(": ")[1] for line in str(caught.value).split("\n")]
    assert keys == ["doors[0].id", "objects.load_profile.class", "profiles.load_profile.entries"]


def test_missing_sections_are_told_with_their_form(load: Load, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError) as caught:
        load("schema = 1\n")
    file = tmp_path / "device.toml"
    assert str(caught.value).split("\n") == [
        f"{file}: identity: is missing; "
        "allowed: a table with name, manufacturer, type, serial, firmware, medium, roles",
        f"{file}: doors: is missing; allowed: a list of at least 1 of tables with id, protocol, url, connections, "
        "associations, largest_answer_octets, release, functional, through, hdlc, iec62056_21, mbus, p1, han, push, "
        "clock_shows, age_s, tariffs, not_same, timing, answers",
    ]


def test_url_is_judged_by_the_given_judge_with_placeholders_filled(base: str, tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_text(base.replace("192.0.2.1:4059", "192.0.2.1:{port.dlms}"), encoding="utf-8")
    asked = []

    def judge(url: str, protocol: str) -> None:
        asked.append((url, protocol))
        if protocol == "hdlc":
            raise UsageError(f"{url}: not today")

    with pytest.raises(DeclarationError) as caught:
        load_declaration(path, check_url=judge)
    assert asked == [("tcp://192.0.2.1:4059", "wrapper"), ("loop://tiny", "hdlc")]
    assert str(caught.value) == f"{path}:20: doors[1].url: loop://tiny: not today"


def test_urls_are_judged_by_the_transports_by_default(base: str, tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_text(base.replace("tcp://192", "pigeon://192"), encoding="utf-8")
    with pytest.raises(DeclarationError, match=r":15: doors\[0\]\.url: .*pigeon"):
        load_declaration(path)


def test_missing_file_and_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError) as caught:
        load_declaration(tmp_path / "no.toml")
    assert str(caught.value) == f"{tmp_path / 'no.toml'}: does not exist; allowed: a TOML file that declares a device"
    with pytest.raises(DeclarationError) as caught:
        load_declaration(tmp_path)
    assert str(caught.value) == f"{tmp_path}: is a folder; allowed: a TOML file that declares a device"
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DeclarationError, match="is not a regular file"):
        load_declaration(tmp_path / "pipe")


def test_text_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_bytes(b"schema = 1\n\n# Z\xfcrich\n")
    with pytest.raises(DeclarationError) as caught:
        load_declaration(path)
    assert str(caught.value) == f"{path}:3: is not UTF-8 text; allowed: TOML in UTF-8"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = " + "[" * 5000, "is nested too deeply"),
        ("x = " + "9" * 5000, "is not TOML: Exceeds the limit"),
        ("#" * (1 << 20) + "\n", "is too long; allowed: at most 1048576 octets"),
    ],
)
def test_files_out_of_all_proportion_are_told(text: str, told: str, load: Load) -> None:
    with pytest.raises(DeclarationError) as caught:
        load(text)
    assert told in str(caught.value)


def test_byte_order_mark_is_taken(base: str, load: Load) -> None:
    assert load("\ufeff" + base).identity.name == "tiny"


def test_data_without_file_is_named_instead(base: str, tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_text(base, encoding="utf-8")
    data = read_data(path)
    data["identity"]["medium"] = "steam"
    with pytest.raises(DeclarationError) as caught:
        parse_declaration(data, name="variant slow", check_url=lambda url, protocol: None)
    assert str(caught.value) == 'variant slow: identity.medium: is "steam"; allowed: electricity, gas, water, heat'


def test_data_is_read_without_judging_it(tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_text("answer = 42\n", encoding="utf-8")
    assert read_data(path) == {"answer": 42}
    path.write_text("answer = \n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=":1: is not TOML"):
        read_data(path)
