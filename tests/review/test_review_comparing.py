"""Comparisons with facts that no reference meter would give, and the review of meters that are right in other ways."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from harness.declaration import Door, merge_patch, parse_declaration, read_data
from harness.headend.rights.object_list import AnnouncedObject, ObjectList, RequestProtection
from harness.protocol import hdlc
from harness.protocol.axdr import Data, DataType
from harness.prove.faults import installed_variants
from harness.review import check
from harness.review.comparing import compare
from harness.review.comparing.identity import same_name, saps_of
from harness.review.comparing.profiles import columns_of
from harness.review.fact import ClientFacts, DoorFacts, Read, Row
from harness.review.traffic import DoorTraffic, fold_traffic
from harness.run.run import Run

from .conftest import LOOP, Patched

PROFILE = "1.0.99.1.0.255"
CLOCK = "0.0.1.0.0.255"


def _announced(class_id: int, obis: str, *, version: int = 0, mode: int = 1) -> AnnouncedObject:
    return AnnouncedObject(
        class_id=class_id,
        version=version,
        obis=obis,
        attributes=dict.fromkeys(range(1, 9), mode),
        methods={1: 0, 2: 0},
        selectors={2: (1,)},
        bit_masks=False,
        protection=RequestProtection(),
    )


def _facts(*objects: AnnouncedObject, client: str = "management") -> DoorFacts:
    told = ClientFacts(id=client, granted=frozenset({"GET", "ACTION"}), server_pdu_octets=512, frame=7)
    told.objects = ObjectList(association_version=1, objects=objects, frame=9)
    return DoorFacts(door="loop-hdlc", clients={client: told})


def _rows(patched: Patched, facts: DoorFacts, traffic: DoorTraffic | None = None) -> dict[str, Row]:
    declaration = patched({})
    door = declaration.door(facts.door)
    return {row.item: row for row in compare(declaration, door, facts, traffic or DoorTraffic())}


def test_class_version_right_and_type_are_compared(patched: Patched) -> None:
    facts = _facts(
        _announced(4, "1.0.1.8.0.255"),
        _announced(64, "0.0.43.0.0.255", version=0),
        _announced(3, "1.0.1.7.0.255", mode=0),
        _announced(3, "1.0.2.7.0.255"),
        _announced(71, "0.0.17.0.0.255"),
    )
    text = Data(DataType.VISIBLE_STRING, "12 W")
    facts.reads[3, "1.0.2.7.0.255", 2] = Read(data=text, frame=21, client="management")
    rows = _rows(patched, facts)
    wrong = {item: row.note for item, row in rows.items() if row.agrees is False}
    assert wrong["energy_import_total"] == "announced with another class"
    assert wrong["security_setup"].startswith("another version: 0")
    assert wrong["power_import"] == "attribute 2 is announced readable to no client"
    assert wrong["power_export"] == "the value of a register is visible-string, due is a number"
    assert wrong["clock"] == "declared, and announced to no client"
    assert rows["power_export"].frame == 21
    assert rows["limiter"].agrees


def test_what_a_list_that_was_not_read_may_hold_is_no_disagreement(patched: Patched) -> None:
    facts = _facts(_announced(1, "0.0.42.0.0.255"))
    facts.clients["reading"] = ClientFacts(id="reading", granted=frozenset({"GET"}), objects_problem="too long")
    facts.reads[3, "1.0.1.8.0.255", 2] = Read(data=Data(DataType.DOUBLE_LONG_UNSIGNED, 5), frame=3, client="reading")
    rows = _rows(patched, facts)
    assert rows["energy_import_total"].agrees
    assert rows["clock"].agrees is None
    assert not facts.is_whole


def test_granted_error_is_a_disagreement_between_announced_and_observed(patched: Patched) -> None:
    facts = _facts(_announced(3, "1.0.1.8.0.255"))
    facts.reads[3, "1.0.1.8.0.255", 2] = Read(data=None, error="dar:3", frame=30, client="management")
    row = _rows(patched, facts)["energy_import_total"]
    assert (row.agrees, row.observed, row.frame) == (False, "dar:3", 30)


def _structure(*cells: Data) -> Data:
    return Data(DataType.STRUCTURE, cells)


def _column(class_id: int, name: str, attribute: int) -> Data:
    return _structure(
        Data(DataType.LONG_UNSIGNED, class_id),
        Data(DataType.OCTET_STRING, bytes(int(group) for group in name.split("."))),
        Data(DataType.INTEGER, attribute),
        Data(DataType.LONG_UNSIGNED, 0),
    )


def test_profiles_are_compared_in_period_depth_selectors_and_rights(patched: Patched) -> None:
    facts = _facts(_announced(7, PROFILE, version=1), _announced(8, CLOCK))
    columns = Data(DataType.ARRAY, (_column(8, CLOCK, 2), _column(3, "1.0.1.8.0.255", 2)))
    for attribute, data in (
        (3, columns),
        (4, Data(DataType.DOUBLE_LONG_UNSIGNED, 1800)),
        (7, Data(DataType.DOUBLE_LONG_UNSIGNED, 1000)),
        (8, Data(DataType.DOUBLE_LONG_UNSIGNED, 960)),
    ):
        facts.reads[7, PROFILE, attribute] = Read(data=data, frame=40 + attribute, client="management")
    declaration = patched({})
    rows = compare(declaration, declaration.door("loop-hdlc"), facts, DoorTraffic())
    found = {row.item: row for row in rows if row.topic == "load_profile"}
    assert (found["period in s"].agrees, found["period in s"].announced, found["period in s"].frame) == (
        False,
        "1800",
        44,
    )
    assert found["depth in rows"].note == "more rows in use than it says it keeps"
    assert found["selective access"].announced == "selectors, and the service is granted to nobody"
    assert found["selective access"].agrees is False
    assert (found["writable"].announced, found["writable"].agrees) == ("nothing", None), (
        "it was not said, so it is a note"
    )
    assert found["on demand"].note == "say so: [profiles.load_profile] on_demand"
    assert "captures what is announced to nobody: 1.0.1.8.0.255.2" in found["columns"].note
    assert columns_of(Data(DataType.ARRAY, (_structure(),))) is None


def test_services_that_were_not_proposed_are_a_disagreement_and_withheld_ones_are_not(patched: Patched) -> None:
    facts = _facts()
    facts.clients["management"].granted = frozenset({"GET", "ACCESS"})
    assert _rows(patched, facts)["conformance"].agrees is False
    facts.clients["management"].granted = frozenset({"GET"})
    assert _rows(patched, facts)["conformance"].agrees is None
    facts.clients["management"] = ClientFacts(id="management", problem="no", refused=True)
    assert _rows(patched, facts)["association"].agrees is False


@pytest.mark.parametrize(
    ("declared", "announced", "same"),
    [
        ("00000001", "1", True),
        ("4711", "ABC4711", True),
        ("v1.0", "V1.0 ", True),
        ("4711", "4712", False),
        ("x", "", False),
    ],
)
def test_names_may_be_written_in_other_ways(declared: str, announced: str, same: bool) -> None:
    assert same_name(declared, announced) is same


def test_logical_devices_are_pairs_of_number_and_name() -> None:
    entry = _structure(Data(DataType.LONG_UNSIGNED, 1), Data(DataType.OCTET_STRING, b"CFM1"))
    assert saps_of(Data(DataType.ARRAY, (entry,))) == {1: "CFM1"}
    assert saps_of(Data(DataType.ARRAY, (_structure(),))) is None


def _record(n: int, t: float, kind: str, data: bytes, **more: object) -> dict[str, object]:
    return {"n": n, "t": t, "kind": kind, "data": data.hex(), "door": "loop-hdlc", "link": 1, **more}


def _frame(control: int, information: bytes) -> bytes:
    return hdlc.Frame(destination=b"\x21", source=b"\x03", control=control, information=information).to_bytes()


def test_traffic_shows_times_sizes_and_what_was_negotiated(patched: Patched) -> None:
    parameters = hdlc.Parameters(max_information_transmit=64, max_information_receive=64).to_bytes()
    records: Sequence[dict[str, object]] = [
        _record(1, 0.0, "tx", _frame(0x93, b"")),
        _record(2, 0.2, "rx", _frame(0x73, parameters)),
        _record(3, 1.0, "tx", _frame(0x10, b"x")),
        _record(4, 4.5, "rx", _frame(0x30, bytes(100))),
        _record(5, 4.5, "apdu_rx", bytes(97)),
        _record(6, 5.0, "rx", b"\x00", event="stray"),
    ]
    traffic = fold_traffic(records, {"loop-hdlc": "hdlc"})["loop-hdlc"]
    assert (traffic.answers, traffic.slowest_s, traffic.slowest_frame) == (2, 3.5, 4)
    rows = _rows(patched, DoorFacts(door="loop-hdlc", problem="not asked"), traffic)
    assert rows["response time in s"].agrees is False
    assert rows["HDLC information in octets"].note == "longer than was negotiated"
    assert rows["octets outside of frames"].frame == 6
    assert rows["longest APDU in octets"].frame == 5


@pytest.mark.parametrize("name", ["no-blocks", "no-lists", "log-columns-further"])
def test_a_meter_that_is_right_in_other_ways_raises_no_alarm(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (variant,) = [one for one in installed_variants() if one.name == name]
    declaration = parse_declaration(merge_patch(read_data(LOOP), variant.declaration), name=name)
    monkeypatch.setattr(check, "load_declaration", lambda path: declaration)
    monkeypatch.setattr(check, "Run", partial(Run, loop_overrides=variant.options))
    found = check.review(check.CheckSettings(declaration=LOOP, out=tmp_path, only=("SU3",)), lambda line: None)
    assert [row.note for row in found.disagreements] == []
    assert len(found.rows) > 100


def test_every_door_has_its_protocol(patched: Patched) -> None:
    declaration = patched({})
    door: Door = declaration.door("mbus")
    (row,) = compare(declaration, door, DoorFacts(door="mbus", problem="silent"), DoorTraffic())
    assert (row.announced, row.agrees, row.note) == ("no", None, "silent")
