"""Link parameters that SNRM proposes and UA gives: information field sizes and windows.

The names are those of the sender: its transmit size is the other side's receive size.
"""

from dataclasses import dataclass

from reference_meter.codec.octets import Malformed, OctetReader

__all__ = ["DEFAULT_PARAMETERS", "HdlcParameters", "decode_parameters", "encode_parameters"]

_FORMAT_IDENTIFIER = b"\x81\x80"
_MAX_INFO_TRANSMIT, _MAX_INFO_RECEIVE, _WINDOW_TRANSMIT, _WINDOW_RECEIVE = 5, 6, 7, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class HdlcParameters:
    """Sizes in octets of information, windows in frames."""

    max_info_transmit: int = 128
    max_info_receive: int = 128
    window_transmit: int = 1
    window_receive: int = 1


DEFAULT_PARAMETERS = HdlcParameters()


def encode_parameters(parameters: HdlcParameters) -> bytes:
    """Encode all four parameters."""
    groups = b"".join(
        bytes([identifier, len(octets)]) + octets
        for identifier, octets in (
            (_MAX_INFO_TRANSMIT, _size(parameters.max_info_transmit)),
            (_MAX_INFO_RECEIVE, _size(parameters.max_info_receive)),
            (_WINDOW_TRANSMIT, parameters.window_transmit.to_bytes(4, "big")),
            (_WINDOW_RECEIVE, parameters.window_receive.to_bytes(4, "big")),
        )
    )
    return _FORMAT_IDENTIFIER + bytes([len(groups)]) + groups


def decode_parameters(octets: bytes) -> HdlcParameters:
    """Decode the information field; no octets and absent parameters mean the defaults."""
    if not octets:
        return DEFAULT_PARAMETERS
    reader = OctetReader(octets)
    reader.expect(_FORMAT_IDENTIFIER, "format and group identifier 81 80")
    if reader.unsigned(1) != reader.remaining:
        raise reader.malformed("wrong group length")
    found: dict[int, int] = {}
    while reader.remaining:
        identifier = reader.unsigned(1)
        size = reader.unsigned(1)
        if identifier in found or not 1 <= size <= 4:
            raise reader.malformed(f"parameter {identifier} of {size} octets")
        found[identifier] = reader.unsigned(size)
        if found[identifier] == 0:
            raise Malformed(f"parameter {identifier} is zero", reader.offset)
    return HdlcParameters(
        max_info_transmit=found.get(_MAX_INFO_TRANSMIT, DEFAULT_PARAMETERS.max_info_transmit),
        max_info_receive=found.get(_MAX_INFO_RECEIVE, DEFAULT_PARAMETERS.max_info_receive),
        window_transmit=found.get(_WINDOW_TRANSMIT, DEFAULT_PARAMETERS.window_transmit),
        window_receive=found.get(_WINDOW_RECEIVE, DEFAULT_PARAMETERS.window_receive),
    )


def _size(value: int) -> bytes:
    return value.to_bytes(1 if value < 0x100 else 2, "big")
