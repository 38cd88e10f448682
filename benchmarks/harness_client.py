"""Measures the harness as a client in a process of its own; prints one JSON object.

``get``: one attribute again and again, each answer decoded, every frame and APDU in a trace file.
With ``--ciphered`` in an association of suite 0, authenticated and encrypted, as the head end makes it.
``profile``: the rows of a profile as their blocks arrive.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

from harness.declaration import parse_declaration
from harness.evidence.trace import Trace
from harness.headend.credentials import CredentialSource, association_request
from harness.headend.restoring.key_ring import KeyRing
from harness.keys import CounterStore, KeyStore
from harness.protocol import acse, axdr, cosem
from harness.protocol import apdu as xdlms
from harness.session import AssociationRequest, Conversation, DoorTiming, Services, WrapperLink, associate
from harness.transport.urls import TransportFactory

CLOCK_COLUMN = 0
LARGEST_ANSWER_OCTETS = 1 << 24
CONFORMANCE = xdlms.Conformance.GET | xdlms.Conformance.BLOCK_GET | xdlms.Conformance.SELECTIVE_ACCESS


def connected(options: argparse.Namespace, trace: Trace) -> Conversation:
    """Open a connection as the head end does."""
    transport = TransportFactory().open(
        f"tcp://127.0.0.1:{options.port}", door_id="tcp", protocol="wrapper", connect_timeout_s=5, key="bench", link=1
    )
    conversation = Conversation(
        transport=transport,
        link=WrapperLink(client=options.client, server=1, datagrams=False),
        trace=trace,
        door="tcp",
        link_number=1,
        timing=DoorTiming(response_time_s=2.0, inactivity_timeout_s=120.0, repetitions=0),
        largest_apdu=0xFFFF,
        secrets=secrets_of(options),
    )
    conversation.open()
    return conversation


def secrets_of(options: argparse.Namespace) -> tuple[bytes, ...]:
    """What must not be recorded."""
    if options.ciphered:
        return bytes.fromhex(options.encryption_key), bytes.fromhex(options.authentication_key)
    return (options.password.encode(),) if options.password else ()


def request_of(options: argparse.Namespace, trace: Trace) -> AssociationRequest:
    """What is asked for when associating."""
    if options.ciphered:
        return ciphered_request(options, trace)
    return AssociationRequest(
        context=acse.ApplicationContext.LOGICAL_NAME,
        mechanism=1 if options.password else 0,
        secret=options.password.encode() if options.password else None,
        conformance=CONFORMANCE,
        max_receive_pdu_size=options.pdu,
    )


def ciphered_request(options: argparse.Namespace, trace: Trace) -> AssociationRequest:
    """What a ciphered client of a declaration asks for; its keys leave in the record what they leave in a run."""
    data = {
        "schema": 1,
        "test_keys": True,
        "identity": dict.fromkeys(("name", "manufacturer", "type", "serial", "firmware"), "bench")
        | {"medium": "electricity", "roles": ["meter"]},
        "doors": [{"id": "tcp", "protocol": "wrapper", "url": f"tcp://127.0.0.1:{options.port}"}],
        "associations": [
            {
                "id": "reading",
                "role": "reading",
                "client_sap": options.client,
                "mechanism": "hls-gmac",
                "context": "ln-ciphered",
                "security": {
                    "client_system_title": options.title,
                    "encryption_key": f"hex:{options.encryption_key}",
                    "authentication_key": f"hex:{options.authentication_key}",
                },
            }
        ],
        "objects": {"logical_device_name": {"class": 1, "obis": "0.0.42.0.0.255"}},
    }
    declaration = parse_declaration(data, name="bench")
    state = trace.path.parent / "state"
    source = CredentialSource(declaration, trace, KeyRing(KeyStore(state), "bench"), CounterStore(state))
    declared = declaration.association("reading")
    credentials = replace(source.credentials(declared, lambda: 0), counter=count(options.counter).__next__)
    return association_request(declared, credentials, max_receive_pdu_size=options.pdu)


def measured(work: Callable[[], int]) -> dict[str, float]:
    """CPU and elapsed seconds for each unit of what ``work`` did."""
    wall, cpu = time.perf_counter(), time.process_time()
    units = work()
    return {"cpu_s": (time.process_time() - cpu) / units, "wall_s": (time.perf_counter() - wall) / units}


def gets(services: Services, count: int) -> int:
    """Read one register so often."""
    register = xdlms.AttributeDescriptor(3, cosem.obis("1.0.1.8.0.255"), 2)
    for _ in range(count):
        data = services.get((register, None)).data
        if data is None or not isinstance(axdr.decode(data).value, int):
            raise RuntimeError("no number came")
    return count


def rows(services: Services, expected: int) -> int:
    """Read the whole profile as a stream; one unit in all."""
    buffer = xdlms.AttributeDescriptor(7, cosem.obis("1.0.99.1.0.255"), 2)
    reader = axdr.RowReader()
    checked = 0
    for part in services.get_parts((buffer, None)):
        for row in reader.feed(part.data or b""):
            checked += isinstance(row.values[CLOCK_COLUMN], bytes)
    reader.finish()
    if checked != expected:
        raise RuntimeError(f"{checked} rows came, {expected} were due")
    return 1


def main() -> int:
    """Measure as often as asked and print every result."""
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=("get", "profile"))
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--client", type=int, default=16)
    parser.add_argument("--password", default="")
    parser.add_argument("--ciphered", action="store_true")
    for name in ("--title", "--encryption-key", "--authentication-key"):
        parser.add_argument(name, default="")
    # Both clients have one key, and each process begins above all that were before it, for a day.
    parser.set_defaults(counter=int(time.time() % 86_400 * 40_000))
    parser.add_argument("--pdu", type=int, default=0xFFFF)
    parser.add_argument("--count", type=int, default=1000, help="GETs of a batch, or rows of the profile")
    parser.add_argument("--batches", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Trace(Path(folder) / "trace.jsonl") as trace:
        conversation = connected(options, trace)
        association = associate(conversation, request_of(options, trace), largest_answer_octets=LARGEST_ANSWER_OCTETS)
        services = association.services
        gets(services, min(options.count, 200))
        work = gets if options.work == "get" else rows
        results = [measured(lambda: work(services, options.count)) for _ in range(options.batches)]
        association.release()
        conversation.close()
    print(json.dumps(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
