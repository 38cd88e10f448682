"""Malformed frames by the hundred thousand: good ones, changed by a seeded generator, faster than scapy can."""

import os
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from reference_meter.codec.hdlc import HdlcFrame, encode_frame

VECTORS = Path(__file__).parents[1] / "vectors"
FRAMES = int(os.environ.get("CONFORMETER_FUZZ_FRAMES", "10000"))
"""How many frames each door gets; ``tox -e fuzz`` sends a million."""

_INTERESTING = (0x00, 0x01, 0x7E, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xFF)
_LONGEST_INFORMATION_OCTETS = 2000

# Requests of the public client, and of others with octets that nobody's keys have made.
AARQ = bytes.fromhex("601DA109060760857405080101BE10040E01000000065F1F0400007E1FFFFF")
REQUESTS = [
    AARQ,
    bytes.fromhex(
        "6036A1090607608574050801018A0207808B0760857405080201AC0A80087265616430303031"
        "BE10040E01000000065F1F0400001E1DFFFF"
    ),
    bytes.fromhex(
        "6066A109060760857405080103A60A04084D4D4D0000BC614E8A0207808B0760857405080205AC1280104B3536694676"
        "6B4D5A4D367A5A6A7AA903020107BE230421211F30000000018013110D9A15DDD6D5ED7F1E5FC2E4B1D4C4A8D2E9B1C3A7F0E2"
    ),
    bytes.fromhex("C001C100010000600100FF0200"),
    bytes.fromhex("C001C100080000010000FF0200"),
    bytes.fromhex("C001C100070100630100FF0201010204020412000809060000010000FF0F02120000090C07EA0302FF060000FF8000FF"),
    bytes.fromhex("C001C100070100630100FF02010202040600000001060000000212000112000 0".replace(" ", "")),
    bytes.fromhex("C001C1000F0000280000FF0200"),
    bytes.fromhex("C002C100000001"),
    bytes.fromhex("C003C10200080000010000FF020000030100010800FF0200"),
    bytes.fromhex("C101C100080000010000FF0300100078"),
    bytes.fromhex("C301C100080000010000FF06010F00"),
    bytes.fromhex("C801C100080000010000FF0200"),
    bytes.fromhex("C81E3000000001" + "0102030405060708090A0B0C0D0E0F101112131415161718"),
    bytes.fromhex("DB084D4D4D0000BC614E1E3000000001" + "0102030405060708090A0B0C0D0E0F101112131415161718"),
    bytes.fromhex("DD0100084D4D4D0000BC614E084D4D4D0000BC614F0000001E3000000002".replace(" ", "") + "01" * 24),
    bytes.fromhex("E0C00001000006C001C1000800"),
    bytes.fromhex("D9400000010001010008000001 0000FF02".replace(" ", "") + "0100"),
    bytes.fromhex("6203800100"),
    bytes.fromhex("62158001 00BE10040E01000000065F1F0400007E1FFFFF".replace(" ", "")),
]
CLIENTS = (16, 2, 3, 102, 1, 99)


def changed(rng: Random, octets: bytes) -> bytes:
    """Change octets once to three times: bits, octets, lengths, cuts, doubles, swaps, insertions."""
    data = bytearray(octets)
    for _ in range(rng.randrange(1, 4)):
        if not data:
            data.append(rng.randrange(256))
        at = rng.randrange(len(data))
        match rng.randrange(8):
            case 0:
                data[at] ^= 1 << rng.randrange(8)
            case 1:
                data[at] = rng.randrange(256)
            case 2:
                data[at] = rng.choice(_INTERESTING)
            case 3:
                del data[at:]
            case 4:
                del data[at : at + rng.randrange(1, 5)]
            case 5:
                data[at:at] = rng.randbytes(rng.randrange(1, 5))
            case 6:
                data[at:at] = data[at : at + rng.randrange(1, 20)]
            case _:
                other = rng.randrange(len(data))
                data[at], data[other] = data[other], data[at]
    return bytes(data)


def wrapped(rng: Random, apdu: bytes) -> bytes:
    """Put an APDU into a wrapper frame of some client."""
    length = len(apdu) & 0xFFFF
    return b"\x00\x01" + rng.choice(CLIENTS).to_bytes(2, "big") + b"\x00\x01" + length.to_bytes(2, "big") + apdu


def framed(rng: Random, apdu: bytes, control: int | None = None) -> bytes:
    """Put an APDU into a sound HDLC frame of some client, in some place of the sequence."""
    return encode_frame(
        HdlcFrame(
            destination=b"\x03",
            source=bytes([rng.choice(CLIENTS) << 1 & 0xFF | 1]),
            control=rng.choice((0x10, 0x32, 0x54, 0x76, 0x13, 0x93)) if control is None else control,
            information=(b"\xe6\xe6\x00" + apdu)[:_LONGEST_INFORMATION_OCTETS],
            segmented=rng.random() < 0.1,
        )
    )


LINK_FRAMES = [
    encode_frame(HdlcFrame(destination=b"\x03", source=b"\x21", control=control, information=information))
    for control, information in (
        (0x93, b""),
        (0x93, bytes.fromhex("8180140502008006020080070400000001080400000001")),
        (0x53, b""),
        (0x11, b""),
        (0x31, b""),
        (0x15, b""),
        (0x9D, b""),
    )
]


def malformed(rng: Random, frame: Callable[[Random, bytes], bytes], link_frames: list[bytes]) -> bytes:
    """Return one frame: spoilt within, around, or both; now and then a good one between them."""
    kind = rng.random()
    if link_frames and kind < 0.15:
        return changed(rng, rng.choice(link_frames)) if kind < 0.1 else rng.choice(link_frames)
    apdu = rng.choice(REQUESTS)
    if kind < 0.7:
        return frame(rng, changed(rng, apdu))
    if kind < 0.8:
        return frame(rng, apdu)
    return changed(rng, frame(rng, apdu))


def vectors(*names: str) -> Iterator[bytes]:
    """Yield the octets of all vectors in files of these names."""
    for name in names:
        data: dict[str, list[dict[str, Any]]] = tomllib.loads((VECTORS / f"{name}.toml").read_text(encoding="utf-8"))
        for vector in data["vector"]:
            if isinstance(vector.get("hex"), str):
                yield bytes.fromhex(vector["hex"])
