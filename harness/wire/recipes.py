"""Recipes to choose from: for each part of the protocol the classics first, then what Hypothesis draws.

The same part, count and seed give the same recipes with the same version of Hypothesis; whoever has to repeat a run
with another one keeps the recipes themselves.
"""

import tempfile
from collections.abc import Mapping, Sequence
from typing import Final, get_args

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import configuration as hypothesis_configuration
from hypothesis import strategies as st

from harness.wire.recipe import Layer, Mutation, Recipe

__all__ = ["PARTS", "classics", "draw_recipes", "recipes_of"]

_OCTETS: Final = st.binary(min_size=1, max_size=4)
_PLACES: Final = st.integers(0, 63)
_COUNTS: Final = st.integers(1, 8)
_LENGTHS: Final = st.sampled_from((0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0xFFFFFFFF))
_MASKS: Final = st.integers(1, 0xFF)
_FIRST_OCTETS: Final = (0x7A, 0x00, 0xFF, 0x01, 0x05, 0x0E, 0x61, 0xC4, 0xC6, 0xD8)
"""Unknown tags, those of answers, and requests of the other kind of naming."""
_LONG_LENGTHS: Final = (b"\x84\xff\xff\xff\xff", b"\x82\xff\xff", b"\x80", b"\xff", b"\x88" + b"\xff" * 8)


def _cut(layer: Layer, *places: int) -> list[Recipe]:
    return [Recipe(layer=layer, field="octets", mutation="cut", at=at) for at in places]


def _set(layer: Layer, field: str, *numbers: int) -> list[Recipe]:
    return [Recipe(layer=layer, field=field, mutation="set", number=number) for number in numbers]


def _first_octet(*octets: int) -> list[Recipe]:
    return _set("apdu", "tag", *octets)


def _flipped(layer: Layer, at: int, *masks: int) -> list[Recipe]:
    return [Recipe(layer=layer, field="octets", mutation="flip", at=at, octets=bytes([mask])) for mask in masks]


def _inserted(layer: Layer, at: int, *parts: bytes) -> list[Recipe]:
    return [Recipe(layer=layer, field="octets", mutation="insert", at=at, octets=part) for part in parts]


def _elements(mutation: Mutation, field: str = "element", *, fit: bool = True) -> list[Recipe]:
    return [Recipe(layer="element", field=field, mutation=mutation, index=index, fit=fit) for index in range(2)]


def _element_lengths() -> list[Recipe]:
    return [
        Recipe(layer="element", field="length", mutation="set", number=number, index=index)
        for index in range(2)
        for number in (0, 0x7F, 0xFFFF, 0xFFFFFFFF)
    ]


def _addresses() -> list[Recipe]:
    illegal = (b"\x02\x02\x03", b"\x02\x02\x02\x02\x03", b"\x00\x00\x00\x00")
    return [Recipe(layer="hdlc", field="destination", mutation="set", octets=octets) for octets in illegal] + [
        # The upper part of an address stands in the first octet, or in the second of four.
        Recipe(layer="hdlc", field="destination", mutation="flip", at=at, octets=b"\x18")
        for at in (0, 1)
    ]


_CLASSICS: Final[Mapping[str, Sequence[Recipe]]] = {
    "requests cut short": _cut("apdu", 12, 9, 3, 2, 1, 0, 4, 10),
    "requests of unknown kinds": [*_flipped("apdu", 1, 0x7E, 0xFE, 0x01, 0x07), *_first_octet(*_FIRST_OCTETS)],
    "requests with wrong lengths": [
        *_inserted("apdu", 3, *_LONG_LENGTHS),
        *_flipped("apdu", 12, 0x01, 0xFF, 0x80),
        *_inserted("apdu", 13, *_LONG_LENGTHS, b"\x00" * 300),
    ],
    "requests with parts doubled or exchanged": [
        Recipe(layer="apdu", field="octets", mutation="double", at=0, number=13),
        Recipe(layer="apdu", field="octets", mutation="double", at=3, number=2),
        Recipe(layer="apdu", field="octets", mutation="swap", at=0, number=2),
        Recipe(layer="apdu", field="octets", mutation="remove", at=3, number=2),
        Recipe(layer="apdu", field="octets", mutation="swap", at=3, number=5),
    ],
    "requests with a malformed protection": [
        *_set("apdu", "length", 0, 1, 4, 0x7F, 0xFFFF, 0xFFFFFFFF),
        *_cut("apdu", 1, 2, 3, 6, 7, 12, 19),
        *_set("apdu", "security_control", 0, 0x8F, 0xFF),
        Recipe(layer="apdu", field="title_length", mutation="set", number=7),
        Recipe(layer="apdu", field="title_length", mutation="set", number=0xFFFF),
        Recipe(layer="apdu", field="protected", mutation="cut"),
        Recipe(layer="apdu", field="protected", mutation="double", number=12),
        Recipe(layer="apdu", field="invocation_counter", mutation="flip", number=0x80000000),
    ],
    "association requests cut short": _cut("apdu", 1, 2, 0, 11, 13, 15, 20, 30),
    "association requests with wrong lengths": [
        *_element_lengths(),
        *_set("apdu", "length", 0, 0x7F, 0xFFFF, 0xFFFFFFFF),
        *_inserted("apdu", 1, *_LONG_LENGTHS),
    ],
    "association requests with wrong elements": [
        *_elements("remove"),
        *_elements("double"),
        *_elements("swap"),
        *(Recipe(layer="element", field="contents", mutation="cut", index=index, fit=True) for index in range(2)),
        *(Recipe(layer="element", field="tag", mutation="flip", number=0x20, index=index) for index in range(2)),
    ],
    "frames with a wrong wrapper header": [
        *_set("wrapper", "version", 0, 2, 0x0100, 0xFFFF),
        *_set("wrapper", "length", 0, 1, 0xFFFF, 0x7FFF),
        *_set("wrapper", "destination", 0xFFFF, 0x7F00),
        *_cut("line", 1, 7, 8, 5),
    ],
    "frames with a wrong check sequence": [
        *(
            Recipe(layer="hdlc", field=field, mutation="flip", number=mask)
            for mask in (1, 0x8000, 0xFFFF)
            for field in ("fcs", "hcs")
        ),
    ],
    "frames with a wrong HDLC header": [
        *_addresses(),
        *_set("hdlc", "length", 0, 1, 7, 0x7FF),
        *_set("hdlc", "format_type", 0, 0xB, 0xF),
        *_set("hdlc", "control", 0xFF, 0x0D, 0x33),
        *_set("hdlc", "segmentation", 1),
        *_set("llc", "header", 0xE6E700, 0, 0xFFFFFF),
    ],
    "frames damaged on the line": [
        *_set("hdlc", "opening_flag", 0, 0x7F),
        *_cut("line", 1, 2, 5, 8, 9, 12),
        Recipe(layer="line", field="octets", mutation="double", number=64),
        *_inserted("line", 3, b"\x7e", b"\x7e\x7e\x7e", b"\x00\x11\x13"),
    ],
}


def _octet_recipes(layer: Layer, *mutations: Mutation) -> st.SearchStrategy[Recipe]:
    return st.builds(
        Recipe,
        layer=st.just(layer),
        field=st.just("octets"),
        mutation=st.sampled_from(mutations),
        at=_PLACES,
        number=_COUNTS,
        octets=_OCTETS,
    )


def _numbers(layer: Layer, numbers: st.SearchStrategy[int], *fields: str) -> st.SearchStrategy[Recipe]:
    return st.builds(
        Recipe,
        layer=st.just(layer),
        field=st.sampled_from(fields),
        mutation=st.sampled_from(("set", "flip")),
        number=numbers,
    )


def _in_elements(field: str, *mutations: Mutation) -> st.SearchStrategy[Recipe]:
    return st.builds(
        Recipe,
        layer=st.just("element"),
        field=st.just(field),
        mutation=st.sampled_from(mutations),
        at=_PLACES,
        number=_LENGTHS if field == "length" else _MASKS,
        octets=_OCTETS,
        index=st.integers(0, 3),
        fit=st.booleans(),
    )


_STRATEGIES: Final[Mapping[str, st.SearchStrategy[Recipe]]] = {
    "requests cut short": _octet_recipes("apdu", "cut"),
    "requests of unknown kinds": st.one_of(
        _numbers("apdu", st.integers(0, 0xFF), "tag"),
        st.builds(
            Recipe,
            layer=st.just("apdu"),
            field=st.just("octets"),
            mutation=st.just("flip"),
            at=st.integers(0, 1),
            octets=st.binary(min_size=1, max_size=1),
        ),
    ),
    "requests with wrong lengths": _octet_recipes("apdu", "insert", "flip"),
    "requests with parts doubled or exchanged": _octet_recipes("apdu", "double", "swap", "remove"),
    "requests with a malformed protection": st.one_of(
        _numbers("apdu", _LENGTHS, "length", "title_length"),
        _numbers("apdu", st.integers(0, 0xFFFFFFFF), "security_control", "invocation_counter"),
        st.builds(
            Recipe,
            layer=st.just("apdu"),
            field=st.sampled_from(("protected", "system_title")),
            mutation=st.sampled_from(("cut", "flip", "insert", "remove", "double")),
            at=_PLACES,
            number=_COUNTS,
            octets=_OCTETS,
        ),
        _octet_recipes("apdu", "cut", "remove", "insert"),
    ),
    "association requests cut short": _octet_recipes("apdu", "cut"),
    "association requests with wrong lengths": st.one_of(
        _in_elements("length", "set"), _numbers("apdu", _LENGTHS, "length"), _octet_recipes("apdu", "insert")
    ),
    "association requests with wrong elements": st.one_of(
        _in_elements("element", "remove", "double", "swap"),
        _in_elements("contents", "cut", "insert", "flip", "remove", "double"),
        _in_elements("tag", "flip"),
    ),
    "frames with a wrong wrapper header": st.one_of(
        _numbers("wrapper", st.integers(0, 0xFFFF), "version", "length"),
        _octet_recipes("line", "cut", "insert", "remove"),
    ),
    "frames with a wrong check sequence": st.builds(
        Recipe,
        layer=st.just("hdlc"),
        field=st.sampled_from(("fcs", "hcs")),
        mutation=st.just("flip"),
        number=st.integers(1, 0xFFFF),
    ),
    "frames with a wrong HDLC header": st.one_of(
        _numbers("hdlc", st.integers(0, 0x7FF), "length", "control", "format_type"),
        _numbers("llc", st.integers(0, 0xFFFFFF), "header"),
    ),
    "frames damaged on the line": _octet_recipes("line", *get_args(Mutation)),
}

PARTS: Final = tuple(_CLASSICS)
"""What may be spoilt, in the words of the scenarios."""


def classics(part: str) -> tuple[Recipe, ...]:
    """Return the recipes that everybody should try first; ``ValueError`` names the parts there are."""
    recipes_of(part)
    return tuple(_CLASSICS[part])


def recipes_of(part: str) -> st.SearchStrategy[Recipe]:
    """Return the strategy behind a part; ``ValueError`` names the parts there are."""
    if part not in _STRATEGIES:
        raise ValueError(f"no recipes for {part!r}; there are {', '.join(PARTS)}")
    return _STRATEGIES[part]


def draw_recipes(part: str, count: int, number: int) -> tuple[Recipe, ...]:
    """Return up to ``count`` unlike recipes for a part: the classics, then those that seed ``number`` gives."""
    strategy = recipes_of(part)
    chosen = dict.fromkeys(_CLASSICS[part])
    missing = count - len(chosen)
    if missing > 0:
        chosen |= dict.fromkeys(_drawn(strategy, 2 * missing, number))
    return tuple(chosen)[:count]


def _drawn(strategy: st.SearchStrategy[Recipe], count: int, number: int) -> list[Recipe]:
    drawn: list[Recipe] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def take(recipe: Recipe) -> None:
        drawn.append(recipe)

    with tempfile.TemporaryDirectory() as folder:
        # Hypothesis keeps what it learns about the program in the current folder, where nobody has asked for it.
        hypothesis_configuration.set_hypothesis_home_dir(folder)
        try:
            take()
        finally:
            hypothesis_configuration.set_hypothesis_home_dir(None)
    return drawn
