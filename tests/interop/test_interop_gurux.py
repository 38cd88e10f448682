"""A third-party client reads the reference meter and sees what the harness's head end sees.

The Gurux client runs in a process of its own (``gurux_reader.py``); a missing library fails these tests. The
metering clock stands still while both read.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from harness.bench.control import ControlSocket
from harness.checks.profile import ProfileRow
from harness.declaration import AssociationRole, CosemObject, Declaration, merge_patch, parse_declaration, read_data
from harness.evidence.trace import Trace
from harness.headend.client import Client, item, value_of
from harness.headend.head_end import HeadEnd, timing_of
from harness.headend.profiles import ProfileReader, moment_of
from harness.headend.registers import clock_of, read_clock, read_register
from harness.headend.restoring.key_ring import KeyRing
from harness.keys import KeyStore
from harness.protocol.axdr import Data
from harness.protocol.cosem import obis_text
from harness.transport.urls import TransportFactory
from reference_meter.variants import VARIANTS

ROOT = Path(__file__).parents[2]
READER = Path(__file__).with_name("gurux_reader.py")
CLAUSE = "TR-Conf.08a"
FIRST_ENTRY, LAST_ENTRY = 3, 12
RANGE_PERIODS = 6


def read_with_gurux(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(READER), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedMeter:
    """A reference meter in its own process."""

    variant: str
    doors: dict[str, str]
    """Protocol -> URL for the harness."""
    control: str


@contextmanager
def served_meter(variant: str = "default") -> Iterator[ServedMeter]:
    command = [sys.executable, "-m", "reference_meter", "--variant", variant, "--control", "tcp://127.0.0.1:0"]
    command += ["--listen", "tcp://127.0.0.1:0", "--listen", "hdlc+tcp://127.0.0.1:0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready, wrapper, hdlc, control = process.stdout.readline().split()
            assert ready == "ready"
            doors = {"wrapper": wrapper, "hdlc": hdlc.removeprefix("hdlc+")}
            yield ServedMeter(variant=variant, doors=doors, control=control.removeprefix("control="))
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def default_meter() -> Iterator[ServedMeter]:
    with served_meter() as meter:
        yield meter


def declaration_of(meter: ServedMeter) -> Declaration:
    data = read_data(ROOT / "devices" / "reference-loop.toml")
    if meter.variant in VARIANTS:
        data = merge_patch(data, VARIANTS[meter.variant].declaration)
    doors = [
        {"id": protocol, "protocol": protocol, "url": url, "connections": 4, "associations": 4}
        for protocol, url in meter.doors.items()
    ]
    served = {"doors": doors, "bench": {"control": meter.control}}
    return parse_declaration(merge_patch(data, served), name="the meter under test")


class OurReading:
    """What the harness's head end reads at one door of the meter through one client."""

    def __init__(self, meter: ServedMeter, protocol: str, role: str, client: Client, declaration: Declaration) -> None:
        self.meter = meter
        self.protocol = protocol
        self.declaration = declaration
        self.declared = declaration.association(role)
        self.client = client
        profile = declaration.profiles["load_profile"]
        self.profile = ProfileReader(client, self.object("load_profile"), profile, self.object("clock"))

    def object(self, name: str) -> CosemObject:
        return self.declaration.require(name, clause=CLAUSE)

    def value(self, target: CosemObject, attribute: int) -> Data:
        wanted = item(target, attribute)
        return value_of(self.client.get(wanted), wanted)

    @property
    def profile_is_compressed(self) -> bool:
        return self.declaration.profiles["load_profile"].compressed

    def theirs(self, *arguments: str) -> dict[str, Any]:
        """Let the Gurux client read the same; what it printed, by name."""
        host, _, port = self.meter.doors[self.protocol].removeprefix("tcp://").rpartition(":")
        place = ["--host", host, "--port", port, "--interface", self.protocol]
        client = ["--client", str(self.declared.client_sap), "--clock", self.object("clock").obis]
        if self.declared.secret is not None:
            client += ["--password", self.declared.secret.reveal().decode("ascii")]
        done = read_with_gurux(*place, *client, *arguments)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return {line["what"]: line["value"] for line in lines}

    def theirs_of_everything(self) -> dict[str, Any]:
        now = read_clock(self.client, self.object("clock"))
        start, stop = moment_of(now.later(-RANGE_PERIODS * self.profile.period_s)), moment_of(now)
        arguments = ["--register", self.object("energy_import_total").obis]
        arguments += ["--profile", self.object("load_profile").obis]
        arguments += ["--range", start.isoformat(), stop.isoformat()]
        return self.theirs(*arguments, "--entries", str(FIRST_ENTRY), str(LAST_ENTRY))


@contextmanager
def our_reading(meter: ServedMeter, protocol: str, role: AssociationRole, folder: Path) -> Iterator[OurReading]:
    declaration = declaration_of(meter)
    door = next(door for door in declaration.doors if door.protocol == protocol)
    with Trace(folder / "trace.jsonl") as trace:
        head_end = HeadEnd(
            declaration=declaration,
            door=door,
            transports=TransportFactory(),
            trace=trace,
            timing=timing_of(door),
            clause=CLAUSE,
            rest_for=time.sleep,
            keys=KeyRing(KeyStore(folder / "state"), "test"),
        )
        try:
            yield OurReading(meter, protocol, role, head_end.associate(role), declaration)
        finally:
            head_end.close_all()


def plain(value: object) -> object:
    """A decoded value in terms of JSON, as the other process prints it."""
    if isinstance(value, Data):
        return plain(value.value)
    if isinstance(value, tuple):
        return [plain(element) for element in value]
    return value.hex() if isinstance(value, bytes) else value


def check_clock(ours: OurReading, theirs: dict[str, Any]) -> None:
    clock = ours.value(ours.object("clock"), 2)
    assert theirs["clock"] == plain(clock)
    assert datetime.fromisoformat(theirs["clock_time"]) == moment_of(clock_of(clock))


def check_object_list(ours: OurReading, theirs: dict[str, Any]) -> None:
    entries = ours.value(ours.object("association"), 2).value
    assert isinstance(entries, tuple)
    expected = []
    for entry in entries:
        class_id, version, name, _ = (cell.value for cell in entry.value)
        expected.append([class_id, obis_text(name), version])
    assert theirs["objects"] == expected
    assert ours.client.announced_codes() == {name for _, name, _ in theirs["objects"]}


def check_register(ours: OurReading, theirs: dict[str, Any]) -> None:
    read = read_register(ours.client, ours.object("energy_import_total"), CLAUSE)
    assert theirs["register"] == read.data.value
    assert theirs["scaler_unit"] == [pytest.approx(10.0**read.scaler_unit.scaler), read.scaler_unit.unit]
    assert theirs["register_value"] == pytest.approx(float(read.value))
    assert read.value > 0


def check_profile(ours: OurReading, theirs: dict[str, Any]) -> None:
    assert theirs["columns"] == plain(ours.value(ours.object("load_profile"), 3))
    assert theirs["period"] == ours.profile.capture_period_s()
    entries = ours.profile.entries(FIRST_ENTRY, LAST_ENTRY)
    assert len(entries) == LAST_ENTRY - FIRST_ENTRY + 1
    check_rows(theirs["entries"], entries, compressed=ours.profile_is_compressed)
    assert [datetime.fromisoformat(time) for time in theirs["entry_times"]] == [row.time for row in entries]
    now = read_clock(ours.client, ours.object("clock"))
    newest = ours.profile.range(now.later(-RANGE_PERIODS * ours.profile.period_s), now)
    assert len(newest) == RANGE_PERIODS + 1
    check_rows(theirs["range"], newest, compressed=ours.profile_is_compressed)


def check_rows(theirs: list[list[Any]], ours: Sequence[ProfileRow], *, compressed: bool) -> None:
    """The same cells in the same order; a meter that compresses leaves cells out, which only ours are filled."""
    assert len(theirs) == len(ours)
    left_out = 0
    for their_row, our_row in zip(theirs, ours, strict=True):
        for their_cell, our_cell in zip(their_row, our_row.values, strict=True):
            if their_cell is None:
                left_out += 1
            else:
                assert their_cell == plain(our_cell)
    assert bool(left_out) == compressed


@pytest.mark.parametrize("protocol", ["wrapper", "hdlc"])
def test_without_authentication_both_see_the_same_objects_and_time(
    default_meter: ServedMeter, protocol: str, tmp_path: Path
) -> None:
    with our_reading(default_meter, protocol, "public", tmp_path) as ours:
        theirs = ours.theirs()
        check_object_list(ours, theirs)
        check_clock(ours, theirs)


@pytest.mark.parametrize("protocol", ["wrapper", "hdlc"])
def test_with_a_password_both_see_the_same_objects_values_and_rows(
    default_meter: ServedMeter, protocol: str, tmp_path: Path
) -> None:
    with our_reading(default_meter, protocol, "reading", tmp_path) as ours:
        theirs = ours.theirs_of_everything()
        check_object_list(ours, theirs)
        check_clock(ours, theirs)
        check_register(ours, theirs)
        check_profile(ours, theirs)


@pytest.mark.parametrize("variant", ["small-pdu", "null-data-rows", "other-objects"])
@pytest.mark.parametrize("protocol", ["wrapper", "hdlc"])
def test_blocks_compressed_rows_and_scalers_are_read_alike(variant: str, protocol: str, tmp_path: Path) -> None:
    with served_meter(variant) as meter, our_reading(meter, protocol, "reading", tmp_path) as ours:
        theirs = ours.theirs_of_everything()
        check_object_list(ours, theirs)
        check_clock(ours, theirs)
        check_register(ours, theirs)
        check_profile(ours, theirs)


def test_time_advanced_and_a_row_captured_are_seen_by_both(tmp_path: Path) -> None:
    with (
        served_meter() as meter,
        our_reading(meter, "wrapper", "reading", tmp_path) as ours,
        ControlSocket(meter.control) as control,
    ):
        before = ours.theirs_of_everything()
        assert control({"op": "set_load", "import_w": 4000.0, "export_w": 0.0})["ok"] is True
        assert control({"op": "advance", "seconds": ours.profile.period_s})["ok"] is True
        after = ours.theirs_of_everything()
        check_clock(ours, after)
        check_register(ours, after)
        check_profile(ours, after)
        passed = datetime.fromisoformat(after["clock_time"]) - datetime.fromisoformat(before["clock_time"])
        assert passed.total_seconds() == ours.profile.period_s
        assert after["register"] - before["register"] == 4000 * ours.profile.period_s // 3600
        assert after["range"][-1] != before["range"][-1]
        assert after["range"][-2] == before["range"][-1]


def test_a_wrong_password_is_refused_to_the_other_client(default_meter: ServedMeter) -> None:
    host, _, port = default_meter.doors["wrapper"].removeprefix("tcp://").rpartition(":")
    done = read_with_gurux(
        "--host", host, "--port", port, "--interface", "wrapper", "--client", "2", "--password", "wrong-1",
        "--clock", "0.0.1.0.0.255",
    )  # fmt: skip
    assert done.returncode != 0
    assert done.stdout == ""
    assert "uthentication" in done.stderr
