from typing import Any

import pytest

from reference_meter.codec.axdr import encode
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.model.data import Pair, obis
from reference_meter.model.model import MeterModel
from reference_meter.server.model_port import AccessRefused, CosemModel, EntrySelection

PUBLIC, READING, MANAGEMENT = 16, 2, 1
CLOCK, ENERGY = obis("0.0.1.0.0.255"), obis("1.0.1.8.0.255")
ASSOCIATION, NAME = obis("0.0.40.0.0.255"), obis("0.0.42.0.0.255")
NINE = (9, bytes.fromhex("07EA0302 01 09000000 FFC400"))
ENTRIES = EntrySelection(from_entry=1, to_entry=0, from_column=1, to_column=0)


@pytest.fixture
def model() -> MeterModel:
    return MeterModel(MeterConfiguration(history_days=0))


def refusal(model: MeterModel, *request: Any) -> int:
    with pytest.raises(AccessRefused) as caught:
        model.get(*request)
    return caught.value.result


def test_model_fits_the_servers_port(model: MeterModel) -> None:
    port: CosemModel = model
    assert port.client(99) is None


def test_clients_and_their_secrets(model: MeterModel) -> None:
    public, reading = model.client(PUBLIC), model.client(READING)
    assert public is not None
    assert reading is not None
    assert (public.mechanism, reading.mechanism) == (0, 1)
    assert model.authenticate(PUBLIC, 0, None)
    assert model.authenticate(READING, 1, b"reading1")
    assert model.authenticate(MANAGEMENT, 1, b"manage-1")
    assert not model.authenticate(READING, 1, b"manage-1")
    assert not model.authenticate(READING, 1, b"")
    assert not model.authenticate(READING, 1, None)
    assert not model.authenticate(READING, 0, None)
    assert not model.authenticate(99, 0, None)


@pytest.mark.parametrize(
    ("client", "class_id", "code", "attribute", "selection", "result"),
    [
        (READING, 3, "1.0.99.99.99.255", 2, None, 4),
        (PUBLIC, 3, "1.0.99.99.99.255", 2, None, 4),
        (READING, 4, "1.0.1.8.0.255", 2, None, 9),
        (PUBLIC, 3, "1.0.1.8.0.255", 2, None, 3),
        (PUBLIC, 3, "1.0.1.8.0.255", 1, None, 3),
        (PUBLIC, 8, "0.0.1.0.0.255", 9, None, 3),
        (PUBLIC, 7, "1.0.99.1.0.255", 2, None, 3),
        (READING, 3, "1.0.1.8.0.255", 4, None, 11),
        (READING, 3, "1.0.1.8.0.255", 0, None, 11),
        (READING, 3, "1.0.1.8.0.255", 2, ENTRIES, 250),
        (MANAGEMENT, 15, "0.0.40.0.0.255", 7, None, 3),
        (READING, 12, "0.0.40.0.0.255", 2, None, 9),
    ],
)
def test_refused_reading(
    model: MeterModel,
    client: int,
    class_id: int,
    code: str,
    attribute: int,
    selection: EntrySelection | None,
    result: int,
) -> None:
    assert refusal(model, client, class_id, obis(code), attribute, selection) == result


def test_public_reads_identification_and_clock_only(model: MeterModel) -> None:
    assert model.get(PUBLIC, 1, NAME, 2, None) == (9, b"CFM0000000000001")
    assert model.get(PUBLIC, 1, obis("0.0.96.1.0.255"), 2, None) == (9, b"00000001")
    assert model.get(PUBLIC, 17, obis("0.0.41.0.0.255"), 2, None) == (
        1,
        [(2, [(18, 1), (9, b"CFM0000000000001")])],
    )
    assert model.get(PUBLIC, 8, CLOCK, 2, None) == (9, bytes.fromhex("07EA0302 01 0B000000 FFC400"))
    assert model.get(PUBLIC, 8, CLOCK, 3, None) == (16, -60)
    assert model.get(PUBLIC, 8, CLOCK, 4, None) == (17, 0)


@pytest.mark.parametrize(
    ("client", "data", "result"),
    [
        (MANAGEMENT, NINE, 0),
        (MANAGEMENT, (25, NINE[1]), 0),
        (READING, NINE, 3),
        (PUBLIC, NINE, 3),
        (MANAGEMENT, (18, 5), 12),
        (MANAGEMENT, (9, NINE[1][:11]), 12),
        (MANAGEMENT, (9, bytes(12)), 250),
        (MANAGEMENT, (9, b"\xff" * 12), 250),
        (MANAGEMENT, (9, bytes.fromhex("07CF0302 FF 09000000 FFC400")), 250),
    ],
)
def test_setting_the_clock(model: MeterModel, client: int, data: Pair, result: int) -> None:
    assert model.set(client, 8, CLOCK, 2, None, data) == result
    hour = 8 if result == 0 else 10
    assert model.metering.now.hour == hour


def test_setting_the_clock_ends_its_invalidity(model: MeterModel) -> None:
    model.metering.clock.invalid = True
    assert model.get(READING, 8, CLOCK, 4, None) == (17, 1)
    assert model.set(MANAGEMENT, 8, CLOCK, 2, None, NINE) == 0
    assert model.get(READING, 8, CLOCK, 2, None) == NINE


@pytest.mark.parametrize(
    ("parameter", "result", "second"),
    [((16, 30), 0, 30), ((16, 901), 250, 0), ((15, 5), 12, 0), (None, 12, 0)],
)
def test_shifting_the_clock(model: MeterModel, parameter: Pair | None, result: int, second: int) -> None:
    assert model.action(MANAGEMENT, 8, CLOCK, 6, parameter) == (result, None)
    assert model.metering.now.second == second


def test_refused_writing_and_methods(model: MeterModel) -> None:
    assert model.set(MANAGEMENT, 3, ENERGY, 2, None, (6, 0)) == 3
    assert model.set(MANAGEMENT, 3, ENERGY, 9, None, (6, 0)) == 11
    assert model.set(MANAGEMENT, 8, CLOCK, 2, ENTRIES, NINE) == 250
    assert model.set(MANAGEMENT, 8, obis("0.0.1.0.9.255"), 2, None, NINE) == 4
    assert model.set(MANAGEMENT, 3, CLOCK, 2, None, NINE) == 9
    assert model.action(MANAGEMENT, 3, ENERGY, 1, (15, 0)) == (11, None)
    assert model.action(READING, 8, CLOCK, 6, (16, 1)) == (3, None)
    assert model.action(MANAGEMENT, 9, CLOCK, 6, (16, 1)) == (9, None)
    assert model.action(MANAGEMENT, 9, obis("0.0.10.0.0.255"), 1, (15, 0)) == (4, None)


def test_resetting_the_highest_demand(model: MeterModel) -> None:
    demand = obis("1.0.1.6.0.255")
    model.metering.advance(1000)
    assert model.get(READING, 4, demand, 2, None) == (6, 500)
    assert model.action(READING, 4, demand, 1, (15, 0)) == (3, None)
    assert model.action(MANAGEMENT, 4, demand, 1, (15, 0)) == (0, None)
    assert model.get(READING, 4, demand, 2, None) == (6, 0)


def object_list(model: MeterModel, client: int) -> dict[bytes, Any]:
    tag, elements = model.get(client, 15, ASSOCIATION, 2, None)
    assert tag == 1
    return {element[1][2][1]: element[1] for element in elements}


def test_object_list_tells_each_client_its_rights(model: MeterModel) -> None:
    public, reading, management = (object_list(model, client) for client in (PUBLIC, READING, MANAGEMENT))
    public_codes = (
        "0.0.40.0.0.255 0.0.41.0.0.255 0.0.42.0.0.255 0.0.1.0.0.255 0.0.96.1.0.255 1.0.0.2.0.255 1.0.0.2.8.255"
        " 1.1.0.2.0.255 0.0.43.1.0.255 0.0.96.2.0.255 0.0.96.2.1.255 0.0.96.2.10.255 0.0.96.2.11.255"
    )
    assert set(public) == {obis(code) for code in public_codes.split()}
    assert set(management) - set(reading) == {obis("0.0.43.0.1.255")}
    assert set(public) < set(reading) < set(management)
    assert len(management) == len(model.objects) + 1
    for listed, mode, allowed in ((public, 1, False), (reading, 1, False), (management, 3, True)):
        class_id, version, _, rights = listed[CLOCK]
        assert (class_id, version) == ((18, 8), (17, 0))
        attributes, methods = rights[1]
        assert attributes[1][1] == (2, [(15, 2), (22, mode), (0, None)])
        assert methods == (1, [(2, [(15, number), (3, allowed)]) for number in range(1, 7)])
    profile = reading[obis("1.0.99.1.0.255")][3][1][0][1]
    assert profile[1] == (2, [(15, 2), (22, 1), (1, [(15, 1), (15, 2)])])


def test_every_listed_right_holds(model: MeterModel) -> None:
    for client in (PUBLIC, READING, MANAGEMENT):
        for code, element in object_list(model, client).items():
            for attribute in element[3][1][0][1]:
                (_, number), (_, mode), _ = attribute[1]
                if mode in (1, 3):
                    model.get(client, element[0][1], code, number, None)
                else:
                    assert refusal(model, client, element[0][1], code, number, None) == 3


def test_association_describes_itself(model: MeterModel) -> None:
    def read(attribute: int) -> str:
        return encode(model.get(READING, 15, ASSOCIATION, attribute, None)).hex(" ")

    assert read(3) == "02 02 0f 02 12 00 01"
    assert read(4) == "02 07 11 02 11 10 12 02 f4 11 05 11 08 11 01 11 01"
    assert read(5) == "02 06 04 18 20 5e df 12 04 00 12 04 00 11 06 0f 00 09 00"
    assert read(6) == "02 07 11 02 11 10 12 02 f4 11 05 11 08 11 02 11 01"
    assert read(8) == "16 02"
    assert refusal(model, READING, 15, ASSOCIATION, 9, None) == 11


def test_association_of_version_1_has_a_ninth_attribute() -> None:
    model = MeterModel(MeterConfiguration(history_days=0, association_version=1))
    assert model.get(READING, 15, ASSOCIATION, 9, None) == (9, b"")
    methods = object_list(model, MANAGEMENT)[CLOCK][3][1][1]
    assert methods == (1, [(2, [(15, number), (22, 1)]) for number in range(1, 7)])
