import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.declaration.place import KeyPath, dotted, scan

TEXT = '''\
# about
schema = 1  # one

[a]
"quoted key" = "x # no comment"
b.c = [1, [2, 3], { d = 'e', f = """g
"h\\"""" }]
long = """
two
lines"""
quotes = """"said""""
when = 1979-05-27 07:32:00

[[list]]
n = 1
[list.sub]
m = [
    "first",  # with a comment
    "second",
]
[[list]]
n = 2
[list.sub]
[[list.deep]]
z = 0
'''


def _at(data: Any, path: KeyPath) -> Any:
    for part in path:
        data = data[part]
    return data


def _leaves(value: Any, path: KeyPath = ()) -> list[KeyPath]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in _leaves(item, (*path, key))]
    if isinstance(value, list):
        return [leaf for index, item in enumerate(value) for leaf in _leaves(item, (*path, index))]
    return [path]


def _check_all_leaves(text: str) -> None:
    data = tomllib.loads(text)
    places = scan(text).places
    for path in _leaves(data):
        place = places[path]
        found = tomllib.loads(f"value = {text[place.start : place.end].strip()}")["value"]
        assert found == _at(data, path), path


def test_every_value_is_found_where_it_stands() -> None:
    _check_all_leaves(TEXT)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("schema",), 2),
        (("a",), 4),
        (("a", "quoted key"), 5),
        (("a", "b"), 6),
        (("a", "b", "c", 1, 1), 6),
        (("a", "b", "c", 2, "d"), 6),
        (("a", "long"), 8),
        (("a", "quotes"), 11),
        (("a", "when"), 12),
        (("list",), 14),
        (("list", 0), 14),
        (("list", 0, "n"), 15),
        (("list", 0, "sub", "m", 1), 19),
        (("list", 1), 21),
        (("list", 1, "sub"), 23),
        (("list", 1, "deep", 0, "z"), 25),
    ],
)
def test_lines_are_counted_from_one(path: KeyPath, line: int) -> None:
    assert scan(TEXT).places[path].line == line


def test_comments_are_found_and_strings_are_none() -> None:
    found = [TEXT[start:end] for start, end in scan(TEXT).comments]
    assert found == ["# about", "# one", "# with a comment"]


def test_line_ends_of_other_systems_count_the_same() -> None:
    text = TEXT.replace("\n", "\r\n")
    assert scan(text).places["list", 1, "deep", 0, "z"].line == 25
    _check_all_leaves(text)


@pytest.mark.parametrize("name", ["reference.toml", "reference-loop.toml", "template.toml"])
def test_every_value_of_our_own_declarations_is_found(name: str) -> None:
    folder = Path(__file__).parents[2] / "devices"
    _check_all_leaves((folder / name).read_text(encoding="utf-8"))


def test_paths_are_written_with_dots_and_indexes() -> None:
    assert dotted(("doors", 1, "hdlc", "address_octets")) == "doors[1].hdlc.address_octets"


_KEYS = st.text("abc.-_ #\"'=[", max_size=4)
_LEAVES = st.integers() | st.booleans() | st.text("ab#\"'\\[]{},=\n", max_size=8)
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3), max_leaves=8
)


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_string(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + " , # c\n".join(_toml(item) for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return _string(value) if isinstance(value, str) else str(value)


@given(st.dictionaries(_KEYS, _VALUES, max_size=4))
def test_any_document_is_scanned_as_the_parser_reads_it(data: dict[str, Any]) -> None:
    # A comment inside an inline table would be no TOML: keep lists in tables on one line.
    text = "".join(f"{_string(key)} = {_toml(value)}\n" for key, value in data.items())
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        text = text.replace(" # c\n", " ")
    _check_all_leaves(text)
