from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import DecodeError
from harness.protocol import apdu
from harness.protocol.axdr import Data, DataType, encode
from harness.protocol.cosem import obis

octet = st.integers(0, 255)
u32 = st.integers(0, 0xFFFFFFFF)
u16 = st.integers(0, 0xFFFF)
i8 = st.integers(-128, 127)
raw = st.binary(max_size=200)
obis_codes = st.binary(min_size=6, max_size=6)
values = st.one_of(
    st.just(Data(DataType.NULL_DATA, None)),
    st.binary(max_size=200).map(lambda octets: Data(DataType.OCTET_STRING, octets)),
    u32.map(lambda number: Data(DataType.DOUBLE_LONG_UNSIGNED, number)),
    st.lists(octet.map(lambda number: Data(DataType.UNSIGNED, number)), max_size=3).map(
        lambda cells: Data(DataType.STRUCTURE, tuple(cells))
    ),
)
axdr = values.map(encode)
attributes = st.builds(apdu.AttributeDescriptor, u16, obis_codes, i8)
methods = st.builds(apdu.MethodDescriptor, u16, obis_codes, i8)
columns = st.builds(apdu.CaptureColumn, u16, obis_codes, i8, u16)
selections: st.SearchStrategy[apdu.Selection] = st.one_of(
    st.builds(
        apdu.RangeSelection,
        restricting_class=u16,
        restricting_obis=obis_codes,
        restricting_attribute=i8,
        restricting_index=u16,
        from_value=values,
        to_value=values,
        columns=st.lists(columns, max_size=3).map(tuple),
    ),
    st.builds(apdu.EntrySelection, from_entry=u32, to_entry=u32, from_column=u16, to_column=u16),
    st.builds(apdu.OtherSelection, selector=st.integers(0, 255), parameter=values),
)
maybe_selection = st.none() | selections
items = st.lists(st.tuples(attributes, maybe_selection), max_size=3).map(tuple)
block = {"last": st.booleans(), "block_number": u32, "raw": raw}

REQUESTS: dict[type[Any], dict[str, st.SearchStrategy[Any]]] = {
    apdu.GetRequestNormal: {"attribute": attributes, "selection": maybe_selection},
    apdu.GetRequestNext: {"block_number": u32},
    apdu.GetRequestWithList: {"items": items},
    apdu.SetRequestNormal: {"attribute": attributes, "selection": maybe_selection, "data": axdr},
    apdu.SetRequestWithFirstDatablock: {"attribute": attributes, "selection": maybe_selection, **block},
    apdu.SetRequestWithDatablock: block,
    apdu.SetRequestWithList: {"items": items, "values": st.lists(axdr, max_size=3).map(tuple)},
    apdu.SetRequestWithListAndFirstDatablock: {"items": items, **block},
    apdu.ActionRequestNormal: {"method": methods, "parameter": st.none() | axdr},
    apdu.ActionRequestNextPblock: {"block_number": u32},
    apdu.ActionRequestWithList: {
        "methods": st.lists(methods, max_size=3).map(tuple),
        "parameters": st.lists(axdr, max_size=3).map(tuple),
    },
    apdu.ActionRequestWithFirstPblock: {"method": methods, **block},
    apdu.ActionRequestWithListAndFirstPblock: {"methods": st.lists(methods, max_size=3).map(tuple), **block},
    apdu.ActionRequestWithPblock: block,
}
results = st.lists(octet, max_size=4).map(tuple)
outcomes = st.builds(
    lambda result, rest: apdu.MethodOutcome(result=result, **rest),
    octet,
    st.one_of(st.just({}), axdr.map(lambda data: {"return_data": data}), octet.map(lambda n: {"return_result": n})),
)
ANSWERS: dict[type[Any], dict[str, st.SearchStrategy[Any]]] = {
    apdu.GetResponseWithList: {"items": st.lists(axdr | octet, max_size=4).map(tuple)},
    apdu.SetResponseNormal: {"result": octet},
    apdu.SetResponseDatablock: {"block_number": u32},
    apdu.SetResponseLastDatablock: {"result": octet, "block_number": u32},
    apdu.SetResponseLastDatablockWithList: {"results": results, "block_number": u32},
    apdu.SetResponseWithList: {"results": results},
    apdu.ActionResponseWithPblock: block,
    apdu.ActionResponseWithList: {"items": st.lists(outcomes, max_size=3).map(tuple)},
    apdu.ActionResponseNextPblock: {"block_number": u32},
}
times = st.none() | st.binary(min_size=12, max_size=12)
SPECIAL_ANSWERS: dict[str, st.SearchStrategy[apdu.Answer]] = {
    "get data": st.builds(apdu.GetResponseNormal, invoke=octet, data=axdr),
    "get result": st.builds(apdu.GetResponseNormal, invoke=octet, result=octet),
    "get block": st.builds(apdu.GetResponseWithDatablock, invoke=octet, last=st.booleans(), block_number=u32, raw=raw),
    "get block result": st.builds(
        apdu.GetResponseWithDatablock, invoke=octet, last=st.booleans(), block_number=u32, result=octet
    ),
    "action": st.builds(apdu.ActionResponseNormal, invoke=octet, result=octet),
    "action data": st.builds(apdu.ActionResponseNormal, invoke=octet, result=octet, return_data=axdr),
    "action result": st.builds(apdu.ActionResponseNormal, invoke=octet, result=octet, return_result=octet),
    "exception": st.builds(
        apdu.ExceptionResponse, state_error=octet, service_error=octet.filter(lambda code: code != 6)
    ),
    "exception counter": st.builds(
        apdu.ExceptionResponse, state_error=octet, service_error=st.just(6), invocation_counter=u32
    ),
    "confirmed": st.builds(apdu.ConfirmedServiceError, service=octet, category=octet, error=octet),
    "push": st.builds(apdu.DataNotification, long_invoke=u32, date_time=times, body=axdr),
    "event": st.builds(apdu.EventNotification, time=times, attribute=attributes, value=axdr),
    "block": st.builds(
        apdu.GeneralBlockTransfer,
        last=st.booleans(),
        streaming=st.booleans(),
        window=st.integers(0, 63),
        block_number=u16,
        block_number_ack=u16,
        data=raw,
    ),
}


def check_answer(answer: apdu.Answer, draw: st.DataObject) -> None:
    octets = answer.to_bytes()
    assert apdu.decode_answer(octets) == answer
    assert answer.describe()
    with pytest.raises(DecodeError):
        apdu.decode_answer(octets + b"\x00")
    with pytest.raises(DecodeError):
        apdu.decode_answer(octets[: draw.draw(st.integers(0, len(octets) - 1))])


@pytest.mark.parametrize("kind", REQUESTS, ids=lambda kind: str(kind.__name__))
@given(draw=st.data())
def test_requests_come_back(kind: type[Any], draw: st.DataObject) -> None:
    request: apdu.Request = draw.draw(st.builds(kind, invoke=octet, **REQUESTS[kind]))
    octets = request.to_bytes()
    assert apdu.decode_request(octets) == request
    assert apdu.describe_request(octets) == request.describe()
    with pytest.raises(DecodeError):
        apdu.decode_request(octets + b"\x00")
    with pytest.raises(DecodeError):
        apdu.decode_request(octets[: draw.draw(st.integers(0, len(octets) - 1))])


@pytest.mark.parametrize("kind", ANSWERS, ids=lambda kind: str(kind.__name__))
@given(draw=st.data())
def test_answers_come_back(kind: type[Any], draw: st.DataObject) -> None:
    check_answer(draw.draw(st.builds(kind, invoke=octet, **ANSWERS[kind])), draw)


@pytest.mark.parametrize("name", SPECIAL_ANSWERS)
@given(draw=st.data())
def test_answers_of_special_make_come_back(name: str, draw: st.DataObject) -> None:
    check_answer(draw.draw(SPECIAL_ANSWERS[name]), draw)


@given(selections)
def test_selections_come_back(selection: apdu.Selection) -> None:
    assert apdu.decode_selection(selection.to_bytes()) == selection


@given(
    st.builds(
        apdu.InitiateRequest,
        dedicated_key=st.none() | raw,
        response_allowed=st.booleans(),
        quality_of_service=st.none() | i8,
        dlms_version=octet,
        conformance=st.integers(0, 0xFFFFFF).map(apdu.Conformance),
        client_max_receive_pdu_size=u16,
    )
)
def test_initiate_requests_come_back(request: apdu.InitiateRequest) -> None:
    assert apdu.InitiateRequest.from_bytes(request.to_bytes()) == request
    assert request.describe()


@given(
    st.builds(
        apdu.InitiateResponse,
        quality_of_service=st.none() | i8,
        dlms_version=octet,
        conformance=st.integers(0, 0xFFFFFF).map(apdu.Conformance),
        server_max_receive_pdu_size=u16,
        vaa_name=u16,
    )
)
def test_initiate_responses_come_back(response: apdu.InitiateResponse) -> None:
    assert apdu.InitiateResponse.from_bytes(response.to_bytes()) == response
    assert response.describe()


heads = st.sampled_from(
    [bytes([tag, choice, 0xC1]) for tag in (0xC0, 0xC1, 0xC3, 0xC4, 0xC5, 0xC7) for choice in range(8)]
)
tags = st.sampled_from([bytes([tag]) for tag in (0x0E, 0x0F, 0x60, 0x61, 0x62, 0x63, 0xC2, 0xD8, 0xE0)])


@given(heads | tags | st.just(b""), st.binary(max_size=60))
def test_garbage_never_raises_anything_but_a_decode_error(head: bytes, octets: bytes) -> None:
    assert apdu.describe_request(head + octets)
    for read in (apdu.decode_request, apdu.decode_answer):
        try:
            read(head + octets)
        except DecodeError:
            continue


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        ("C4 01 C1 02 00", "00 or 01 is due"),
        ("C4 01 C1 00 06 00 00 13 91 00", "octets behind"),
        ("C4 04 C1 00", "unknown choice 4"),
        ("C4 03 C1 05 01 04", "5 elements in 2 octets"),
        ("C5 06 C1 00", "unknown choice 6"),
        ("C7 05 C1 00", "unknown choice 5"),
        ("C7 01 C1 00 01 00 08", "unknown type tag"),
        ("D8 01 06", "4 octets due"),
        ("D8 01 05 00", "behind the APDU"),
        ("0F 00 00 00 01 05 01 02 03 04 05 00", "a time of 5 octets"),
        ("C2 01 00 00 01 00 00 60 01 00 FF 02 00", "there and empty"),
        ("08 00 06", "is no answer"),
        ("", "without octets"),
        ("99", "unknown tag 99"),
    ],
)
def test_malformed_answers_are_refused(octets: str, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        apdu.decode_answer(bytes.fromhex(octets))


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        ("C0 04 C1", "unknown choice 4"),
        ("C1 06 C1", "unknown choice 6"),
        ("C3 07 C1", "unknown choice 7"),
        ("C0 01 C1 00 08 00 00 01 00 00 FF 02 02", "00 or 01 is due"),
        ("C0 01 C1 00 08 00 00 01 00 00 FF 02", "00 or 01 is due"),
        ("C0 01 C1 00 08 00 00 01", "descriptor cut short"),
        ("", "without octets"),
        ("C4 01 C1 01 04", "is no request"),
    ],
)
def test_malformed_requests_are_refused(octets: str, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        apdu.decode_request(bytes.fromhex(octets))


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        ("08 00 06 5F 04 00 00 7C 1F 04 00 00 07", "due is 5f 1f 04 00"),
        ("01 00 00 00 06 5F 1F 04 00 00 7E 1F 04 B0", "where 08 is due"),
    ],
)
def test_malformed_initiate_responses_are_refused(octets: str, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        apdu.InitiateResponse.from_bytes(bytes.fromhex(octets))


CLOCK = apdu.AttributeDescriptor(8, obis("0.0.1.0.0.255"), 2)


def test_a_selection_that_is_of_another_class_is_kept_as_it_is() -> None:
    structure = Data(DataType.STRUCTURE, (Data(DataType.UNSIGNED, 1),) * 4)
    clock = apdu.CaptureColumn(8, CLOCK.obis, 2).to_data()
    no_array = Data(DataType.STRUCTURE, (clock, structure, structure, structure))
    number = Data(DataType.UNSIGNED, 1)
    for selector, parameter in [(1, structure), (1, no_array), (1, number), (2, structure), (2, number), (3, number)]:
        selection = apdu.OtherSelection(selector=selector, parameter=parameter)
        assert apdu.decode_selection(selection.to_bytes()) == selection
    with pytest.raises(DecodeError, match="selector missing"):
        apdu.decode_selection(b"")


def test_messages_that_cannot_be_are_our_mistake() -> None:
    for wrong in (
        lambda: apdu.GetResponseNormal(invoke=1),
        lambda: apdu.GetResponseNormal(invoke=1, data=b"\0", result=0),
        lambda: apdu.GetResponseWithDatablock(invoke=1, last=True, block_number=1),
        lambda: apdu.MethodOutcome(result=0, return_data=b"\0", return_result=0),
        lambda: apdu.ExceptionResponse(state_error=1, service_error=6),
        lambda: apdu.ExceptionResponse(state_error=1, service_error=5, invocation_counter=1),
        lambda: apdu.AttributeDescriptor(8, b"\0" * 5, 2),
        lambda: apdu.AttributeDescriptor(8, b"\0" * 6, 200),
        lambda: apdu.MethodDescriptor(0x10000, b"\0" * 6, 1),
    ):
        with pytest.raises(ValueError, match=r".+"):
            wrong()


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (
            apdu.GetRequestNormal(invoke=0xC1, attribute=CLOCK),
            "get-request-normal id 1: class 8 0.0.1.0.0.255 attribute 2",
        ),
        (apdu.GetResponseNormal(invoke=0xC2, result=4), "get-response-normal id 2: object-undefined (4)"),
        (apdu.GetResponseNormal(invoke=0xC2, result=77), "get-response-normal id 2: unknown code 77 (77)"),
        (apdu.SetResponseNormal(invoke=0xC3, result=0), "set-response-normal id 3: success (0)"),
        (
            apdu.ActionResponseNormal(invoke=0xC4, result=0, return_result=4),
            "action-response-normal id 4: success (0), return value object-undefined (4)",
        ),
        (
            apdu.ExceptionResponse(state_error=1, service_error=6, invocation_counter=7),
            "exception-response: service-not-allowed (1), invocation-counter-error (6), expected counter 7",
        ),
        (
            apdu.ConfirmedServiceError(service=1, category=6, error=1),
            "confirmed-service-error: initiate, initiate: dlms-version-too-low (6/1)",
        ),
        (
            apdu.ConfirmedServiceError(service=9, category=8, error=3),
            "confirmed-service-error: service 9, unknown code 8: unknown code 3 (8/3)",
        ),
        (apdu.DataNotification(long_invoke=5, body=b"\0"), "data-notification id 5: 1 octet"),
    ],
)
def test_messages_say_what_they_are(message: apdu.Answer, text: str) -> None:
    assert message.describe() == text


def test_no_text_shows_the_dedicated_key() -> None:
    request = apdu.InitiateRequest(
        dedicated_key=b"\xaa" * 16, conformance=apdu.Conformance.GET, client_max_receive_pdu_size=0
    )
    assert "with dedicated key" in request.describe()
    assert "dedicated_key" not in repr(request)


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        ("", "an APDU without octets"),
        ("CB 01 00", "glo-action-request, 3 octets"),
        ("D0 01", "ded-get-request, 2 octets"),
        ("FE", "unknown tag FE, 1 octet"),
        ("C0 01", "malformed get-request, 2 octets: 1 octets due, 0 left (at octet 2)"),
    ],
)
def test_whatever_we_send_has_a_line(octets: str, text: str) -> None:
    assert apdu.describe_request(bytes.fromhex(octets)) == text


def test_unknown_codes_have_names_of_their_own() -> None:
    assert apdu.DataAccessResult.name_of(250) == "other-reason"
    assert apdu.ActionResult.name_of(15) == "long-action-aborted"
    assert apdu.ExceptionStateError.name_of(77) == "unknown code 77"
    assert apdu.ServiceErrorCategory.name_of(5) == "access"
