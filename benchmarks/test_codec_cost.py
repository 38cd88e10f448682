"""Decoding and encoding 1,000 rows of 4 columns, against Gurux's codec."""

import random
import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from benchmarks.conftest import Bench

ROWS = 1000
Cells = tuple[bytes, bytes, bytes, bytes]


def cells_of(row: int) -> Cells:
    """Time, status and two energies of one row, encoded."""
    time = struct.pack(">HBBBBBBBhB", 2026, 3, 1 + row // 96, 0xFF, row % 96 // 4, row % 4 * 15, 0, 0, -60, 0)
    status = bytes((0x11, row % 256))
    energies = (b"\x06" + struct.pack(">I", number) for number in (1000 * row, 7 * row))
    return b"\x09\x0c" + time, status, *energies  # type: ignore[return-value]  # two energies there are


def array_of(row: Callable[[int], tuple[bytes, ...]]) -> bytes:
    return b"\x01\x82" + ROWS.to_bytes(2, "big") + b"".join(b"\x02\x04" + b"".join(row(n)) for n in range(ROWS))


def equal() -> bytes:
    """Every row {octet-string 12, unsigned, double-long-unsigned, double-long-unsigned}."""
    return array_of(cells_of)


def compressed() -> bytes:
    """The same rows with null-data in place of the first three cells by chance, as of a meter that compresses."""
    chance = random.Random(1)
    return array_of(
        lambda row: tuple(cell if chance.random() < 0.5 else b"\0" for cell in cells_of(row)[:3]) + cells_of(row)[3:]
    )


def mixed() -> bytes:
    """Cells of any kind in any column."""
    chance = random.Random(2)

    def row_of(row: int) -> tuple[bytes, ...]:
        time, status, energy, _ = cells_of(row)
        kinds = (time, b"\x09\x04" + time[2:6], status, b"\x12\x00" + status[1:], energy, b"\0")
        return tuple(chance.choice(kinds) for _ in range(4))

    return array_of(row_of)


SHAPES = {"equal": equal, "compressed": compressed, "mixed": mixed}


@pytest.fixture(scope="session")
def seconds(bench: "Bench", tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, float]]]:
    """What ours and theirs took, by shape."""
    folder: Path = tmp_path_factory.mktemp("rows")
    found = {}
    for name, octets in SHAPES.items():
        path = folder / f"{name}.hex"
        path.write_text(octets().hex())
        found[name] = bench.quickest(("harness_codec.py", "--file", str(path)), ("gurux_codec.py", "--file", str(path)))
        assert [side["rows"] for side in found[name]] == [ROWS, ROWS]
    return found


Seconds = dict[str, list[dict[str, float]]]


def test_decoding_rows_of_equal_shape(bench: "Bench", seconds: Seconds) -> None:
    ours, theirs = seconds["equal"]
    bench.judge("decode 1,000 equal rows", ours["decode"], theirs["decode"], aim=40)


def test_decoding_a_get_response_of_equal_rows(bench: "Bench", seconds: Seconds) -> None:
    ours, theirs = seconds["equal"]
    bench.judge("decode a GetResponse of 1,000 equal rows", ours["answer"], theirs["answer"], aim=40)


@pytest.mark.parametrize("shape", ["compressed", "mixed"])
def test_decoding_rows_of_unequal_shape(bench: "Bench", seconds: Seconds, shape: str) -> None:
    ours, theirs = seconds[shape]
    bench.judge(f"decode 1,000 {shape} rows", ours["decode"], theirs["decode"], aim=8)
    bench.compare(f"decode a GetResponse of 1,000 {shape} rows", ours["answer"], theirs["answer"])


def test_encoding_rows_of_equal_shape(bench: "Bench", seconds: Seconds) -> None:
    ours, theirs = seconds["equal"]
    bench.judge("encode 1,000 equal rows", ours["encode"], theirs["encode"], aim=15)
    for shape in ("compressed", "mixed"):
        ours, theirs = seconds[shape]
        bench.compare(f"encode 1,000 {shape} rows", ours["encode"], theirs["encode"])
