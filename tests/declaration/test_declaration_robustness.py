"""Whatever a declaration holds, it loads or fails with a DeclarationError that repeats no secret."""

import copy
import tomllib
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.declaration import parse_declaration
from harness.declaration.place import KeyPath
from harness.errors import DeclarationError

TEMPLATE = tomllib.loads(
    (Path(__file__).parents[2] / "devices" / "template.toml").read_text(encoding="utf-8").replace("env:", "text:")
)
SECRET = "MY_METER_READING"


def _paths(value: Any, path: KeyPath = ()) -> list[KeyPath]:
    items: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    return [(*path, key) for key, _ in items] + [found for key, item in items for found in _paths(item, (*path, key))]


PATHS = _paths(TEMPLATE)
VALUES = st.recursive(
    st.integers(-2, 70000)
    | st.booleans()
    | st.floats(allow_nan=True)
    | st.sampled_from(["", "absent", "reads", "{port.x}", "{", "env:X", "text:", "hdlc", SECRET]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["class", "id", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(st.lists(st.tuples(st.sampled_from(PATHS), VALUES), min_size=1, max_size=3), st.booleans())
def test_any_change_loads_or_is_told(changes: list[tuple[KeyPath, Any]], test_keys: bool) -> None:
    data = copy.deepcopy(TEMPLATE)
    data["test_keys"] = test_keys
    for path, value in changes:
        here: Any = data
        try:
            for part in path[:-1]:
                here = here[part]
            here[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took away what this one is about
    _load_or_fail(data)


@given(st.sampled_from(PATHS))
def test_any_missing_key_loads_or_is_told(path: KeyPath) -> None:
    data = copy.deepcopy(TEMPLATE)
    data["test_keys"] = True
    here: Any = data
    for part in path[:-1]:
        here = here[part]
    del here[path[-1]]
    _load_or_fail(data)


def _load_or_fail(data: dict[str, Any]) -> None:
    has_secret_elsewhere = str(data).count(SECRET) > 1
    told = ""
    try:
        shown = repr(parse_declaration(data, name="changed", check_url=lambda url, protocol: None))
    except DeclarationError as error:
        shown = told = str(error)
    assert not told or all(line.startswith("changed: ") for line in told.split("\n"))
    assert has_secret_elsewhere or SECRET not in shown
