"""Settings of the links and of the server: everything that a variant may want to turn."""

from dataclasses import dataclass, field

from reference_meter.codec import conformance as bits
from reference_meter.optical.settings import OpticalSettings

__all__ = ["ALL_SERVICES", "HdlcSettings", "LinkSettings"]

ALL_SERVICES = (
    bits.GENERAL_PROTECTION
    | bits.GENERAL_BLOCK_TRANSFER
    | bits.PRIORITY
    | bits.BLOCK_GET
    | bits.BLOCK_SET
    | bits.BLOCK_ACTION
    | bits.MULTIPLE_REFERENCES
    | bits.DATA_NOTIFICATION
    | bits.ACCESS
    | bits.GET
    | bits.SET
    | bits.SELECTIVE_ACCESS
    | bits.EVENT_NOTIFICATION
    | bits.ACTION
)
"""Every service that this server has."""

_LARGEST_INFO_OCTETS = 2030
_LARGEST_WINDOW = 7
_SMALLEST_PDU_OCTETS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class HdlcSettings:
    """What the HDLC layer offers; sizes in octets, windows in frames."""

    address_octets: int = 1
    """Length of the server address: 1, 2 or 4 octets."""
    lower_address: int = 17
    """Physical address; unused with an address of one octet."""
    max_info_transmit: int = 128
    max_info_receive: int = 128
    window_transmit: int = 1
    window_receive: int = 1
    inactivity_timeout_s: float = 120.0
    inter_octet_timeout_s: float = 0.2
    """After a pause of this length an unfinished frame is given up."""
    frmr_information: bool = True
    """FRMR says what was wrong; without, the frame has no information field."""

    def __post_init__(self) -> None:
        if self.address_octets not in (1, 2, 4):
            raise ValueError(f"address_octets is 1, 2 or 4, not {self.address_octets}")
        for size in (self.max_info_transmit, self.max_info_receive):
            if not 1 <= size <= _LARGEST_INFO_OCTETS:
                raise ValueError(f"information fields have 1..{_LARGEST_INFO_OCTETS} octets, not {size}")
        for window in (self.window_transmit, self.window_receive):
            if not 1 <= window <= _LARGEST_WINDOW:
                raise ValueError(f"windows have 1..{_LARGEST_WINDOW} frames, not {window}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettings:
    """What all links of one meter share."""

    reaction_s: float = 0.02
    """Delay between a request and its reply."""
    server_saps: tuple[int, ...] = (1,)
    """Logical devices; requests to others stay unanswered."""
    conformance: int = ALL_SERVICES
    server_max_receive_pdu_size: int = 1024
    """Longest APDU taken from a client, in octets."""
    max_send_pdu_size: int | None = None
    """Own limit for APDUs to a client in octets; ``None`` leaves it to the client's limit."""
    max_long_request_octets: int = 16384
    """Longest request taken in blocks."""
    general_block_window: int = 4
    """Blocks that the server takes in a row in general block transfer."""
    partial_message_timeout_s: float = 2.0
    """After a pause of this length an unfinished wrapper message is given up."""
    takes_releases: bool = True
    """Whether a release request ends an association; without, nothing but the end of its link does."""
    closes_after_release: bool = False
    """Whether the meter closes the connection over which an association was released."""
    one_connection: bool = False
    """Whether a connection is cut at once while there is another one."""
    tcp_inactivity_timeout_s: float | None = None
    """After this time without octets the meter closes a stream; ``None`` never does."""
    behind: tuple[int, bytes] | None = None
    """Network and address at which a gateway reaches the meter; None where nothing stands in front of it."""
    hdlc: HdlcSettings = field(default_factory=HdlcSettings)
    optical: OpticalSettings = field(default_factory=OpticalSettings)

    def __post_init__(self) -> None:
        for size in (self.server_max_receive_pdu_size, self.max_send_pdu_size):
            if size is not None and not _SMALLEST_PDU_OCTETS <= size <= 0xFFFF:
                raise ValueError(f"APDU limits are {_SMALLEST_PDU_OCTETS}..65535 octets, not {size}")
        if self.reaction_s < 0:
            raise ValueError(f"reaction_s is not negative, got {self.reaction_s}")
        if not 1 <= self.general_block_window <= 63:
            raise ValueError(f"general_block_window is 1..63, not {self.general_block_window}")
