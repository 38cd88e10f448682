from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.declaration import Declaration, merge_patch, parse_declaration, read_data

Load = Callable[[str], Declaration]

# Appendix A of RFC 7396, those cases whose target and patch are objects.
RFC_7396 = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "result"), RFC_7396)
def test_patch_merges_as_the_rfc_shows(target: dict[str, Any], patch: dict[str, Any], result: dict[str, Any]) -> None:
    assert merge_patch(target, patch) == result


_VALUES = st.recursive(
    st.integers() | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner | st.none(), max_size=3),
    max_leaves=10,
)
_TABLES = st.dictionaries(st.sampled_from("abc"), _VALUES | st.none(), max_size=3)


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    return value


@given(_TABLES, _TABLES)
def test_patching_twice_changes_nothing_more(target: dict[str, Any], patch: dict[str, Any]) -> None:
    once = merge_patch(_without_none(target), patch)
    assert merge_patch(once, patch) == once


@given(_TABLES)
def test_patch_on_nothing_is_the_patch_without_removals(patch: dict[str, Any]) -> None:
    assert merge_patch({}, patch) == _without_none(patch)


@given(_TABLES, _TABLES)
def test_target_stays_as_it_was(target: dict[str, Any], patch: dict[str, Any]) -> None:
    before = repr(target)
    merge_patch(target, patch)
    assert repr(target) == before


def test_variant_of_a_device_is_its_data_with_a_patch() -> None:
    data = read_data(Path(__file__).parents[2] / "devices" / "reference-loop.toml")
    patch = {
        "objects": {"energy_import_total": {"obis": "1.1.1.8.0.255"}, "power_export": None},
        "profiles": {"load_profile": {"period_s": 3600, "compressed": True}},
    }
    device = parse_declaration(merge_patch(data, patch), name="variant", check_url=lambda url, protocol: None)
    energy = device.require("energy_import_total", clause="MF.1")
    assert (energy.class_id, energy.obis) == (3, "1.1.1.8.0.255")
    assert device.object("power_export") is None
    assert device.profiles["load_profile"].period_s == 3600
    assert device.profiles["load_profile"].entries == 960
    secret = device.association("reading").secret
    assert secret is not None
    assert secret.reveal() == b"reading1"
