"""The doors: interfaces over which the device is reached."""

from typing import Annotated, Final, Literal, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import AfterValidator, Field, model_validator

from harness.declaration.association import AssociationDeclaration
from harness.declaration.door_iec62056_21 import OpticalParameters
from harness.declaration.door_mbus import MBusParameters
from harness.declaration.door_p1 import ConsumerParameters, HanParameters
from harness.declaration.door_push import PushParameters
from harness.declaration.problem import Problems
from harness.declaration.role import ROLES
from harness.declaration.section import AnswerName, Section, Slug, Text, Whole, spelled
from harness.declaration.through import Through

__all__ = ["DLMS_PROTOCOLS", "Door", "HdlcParameters", "Protocol", "Timing"]

Protocol = Literal["wrapper", "hdlc", "iec62056_21", "mbus", "p1", "han", "push"]
DLMS_PROTOCOLS: Final = ("wrapper", "hdlc")
"""Those that carry DLMS/COSEM."""

RoleName = Annotated[str, AfterValidator(spelled("|".join(ROLES), "roles as in [objects]"))]
_DATAGRAM_REPETITIONS = 2
_NETWORK = ("tcp", "udp", "tcp-listen", "udp-listen", "rfc2217", "loop", "replay")


class HdlcParameters(Section):
    """Addresses and link parameters of an HDLC door."""

    address_octets: Annotated[Literal[1, 2, 4], Whole] = 1
    """Length of the server address."""
    logical_device: Annotated[int, Field(ge=0, le=0x3FFF)] | None = None
    """Upper address; None means the server SAP of the association in use."""
    physical_device: Annotated[int, Field(ge=0, le=0x3FFF)] | None = None
    """Lower address, part of addresses of 2 and 4 octets."""
    max_information_transmit: Annotated[int, Field(ge=1, le=2030)] = 128
    """Octets of information in one frame, as the client proposes for its own frames."""
    max_information_receive: Annotated[int, Field(ge=1, le=2030)] = 128
    window_transmit: Annotated[int, Field(ge=1, le=7)] = 1
    """Frames before an acknowledgement is due."""
    window_receive: Annotated[int, Field(ge=1, le=7)] = 1
    propose_parameters: bool = True
    """Whether SNRM carries these four; without them the protocol's defaults apply."""

    @property
    def highest_address(self) -> int:
        """The highest upper or lower address that ``address_octets`` can carry."""
        return 0x3FFF if self.address_octets == 4 else 0x7F

    @model_validator(mode="after")
    def _addresses_fit(self) -> Self:
        if self.address_octets == 1 and self.physical_device is not None:
            raise Problems.one(
                "has no place in an address of one octet",
                "address_octets 2 or 4, or no key physical_device",
                path=("physical_device",),
            )
        if self.address_octets != 1 and self.physical_device is None:
            raise Problems.one(
                f"is missing, because address_octets is {self.address_octets}",
                f"a whole number from 0 to {self.highest_address}",
                path=("physical_device",),
            )
        for key in ("logical_device", "physical_device"):
            address = getattr(self, key)
            if address is not None and address > self.highest_address:
                raise Problems.one(
                    f"is {address}, too high for address_octets {self.address_octets}",
                    f"a whole number from 0 to {self.highest_address}",
                    path=(key,),
                )
        return self


class Timing(Section):
    """Declared times of one door, all in seconds, and repetitions."""

    response_time_s: Annotated[float, Field(gt=0, le=600)] = 1.0
    """How long the device takes at most from the end of a request to the start of its answer."""
    reaction_s: Annotated[float, Field(ge=0, le=600)] | None = None
    """How long it takes as a rule, for the figure of how busy a serial line was; None: ``response_time_s``."""
    connect_timeout_s: Annotated[float, Field(gt=0, le=600)] = 5.0
    reconnect_delay_s: Annotated[float, Field(ge=0, le=600)] = 0.0
    """Rest that the device needs between two connections."""
    inactivity_timeout_s: Annotated[float, Field(ge=0, le=86400)] = 120.0
    """After this silence the device drops the link; 0 means never."""
    repetitions: Annotated[int, Field(ge=0, le=10)] | None = None
    """The protocol's own repetitions of an unanswered frame; ``Door.repetitions`` knows the default."""


class Door(Section):
    """One interface of the device with its protocol and URL."""

    id: Slug
    protocol: Protocol
    url: Text
    connections: Annotated[int, Field(ge=1, le=1024)] = 1
    """How many connections the door carries at once."""
    associations: Annotated[int, Field(ge=1, le=1024)] = 1
    """How many associations the door carries at once, over all its connections."""
    largest_answer_octets: Annotated[int, Field(ge=1024, le=1 << 30)] = 16 << 20
    """An answer longer than this is a finding and is not read to its end."""
    release: Literal["request", "link"] = "request"
    """Whether a release request ends an association, or nothing but the end of its link."""
    functional: bool = True
    """Whether scenarios of clauses that are judged through any door (profiles, tariffs, switch ...) run here too."""
    through: Through | None = None
    """The device stands behind a gateway: each APDU carries this in its prefix."""
    hdlc: HdlcParameters = HdlcParameters()
    iec62056_21: OpticalParameters = OpticalParameters()
    mbus: MBusParameters | None = None
    """Needed with protocol mbus."""
    p1: ConsumerParameters = ConsumerParameters()
    han: HanParameters = HanParameters()
    push: PushParameters = PushParameters()
    clock_shows: Literal["local", "standard", "utc"] = "local"
    """What a time is here that does not say its deviation: local time, the same all year, or UTC."""
    age_s: Annotated[float, Field(ge=0, le=3600)] = 0.0
    """How much older values may be here than ``metering.freshness_s`` says; consumer ports say it in their table."""
    tariffs: Annotated[tuple[int | str, ...], Field(strict=False, min_length=1)] | None = None
    """Values that show the tariffs here, in the order of ``energy_import_tariffs``; None: nobody knows."""
    not_same: Annotated[tuple[RoleName, ...], Field(strict=False)] = ()
    """Roles of objects under whose codes this door shows something else, which is not compared."""
    timing: Timing = Timing()
    answers: dict[str, Annotated[tuple[AnswerName, ...], Field(strict=False, min_length=1)]] = Field(
        default_factory=dict
    )
    """Condition -> answers chosen on this door, over those of the whole device."""

    @property
    def speaks_dlms(self) -> bool:
        """Whether associations can be opened here."""
        return self.protocol in DLMS_PROTOCOLS

    @property
    def consumer(self) -> ConsumerParameters | None:
        """What is declared of a consumer port, in the table of its protocol."""
        return self.p1 if self.protocol == "p1" else self.han if self.protocol == "han" else None

    @property
    def scheme(self) -> str:
        """Scheme of the URL, e.g. ``tcp``; a prefix such as ``impaired+`` is not part of it."""
        return self.url.partition("://")[0].rpartition("+")[2]

    @property
    def is_virtual(self) -> bool:
        """Whether the device lives in the harness's own process."""
        return self.scheme == "loop"

    @property
    def is_network(self) -> bool:
        """Whether a door that cannot be opened may be the device's doing."""
        return self.scheme in _NETWORK

    @property
    def datagrams(self) -> bool:
        """Whether each transfer is one datagram."""
        if self.is_virtual:
            return parse_qs(urlsplit(self.url).query).get("door") == ["wrapper-udp"]
        return self.scheme in ("udp", "udp-listen")

    @property
    def repetitions(self) -> int:
        """Declared repetitions, or 2 where octets can get lost (HDLC, M-Bus, datagrams) and 0 where they cannot."""
        if self.timing.repetitions is not None:
            return self.timing.repetitions
        return _DATAGRAM_REPETITIONS if self.protocol in ("hdlc", "iec62056_21", "mbus") or self.datagrams else 0

    def logical_device(self, association: AssociationDeclaration) -> int:
        """Upper HDLC address to use for ``association``."""
        declared = self.hdlc.logical_device
        return association.server_sap if declared is None else declared

    @model_validator(mode="after")
    def _hdlc_only_on_hdlc(self) -> Self:
        switches = self.protocol == "iec62056_21" and self.iec62056_21.hdlc
        if self.protocol != "hdlc" and not switches and "hdlc" in self.model_fields_set:
            raise Problems.one(f"has no use with protocol {self.protocol}", 'protocol = "hdlc"', path=("hdlc",))
        return self

    @model_validator(mode="after")
    def _through_with_dlms_only(self) -> Self:
        if self.through is not None and not self.speaks_dlms:
            raise Problems.one(
                f"has no use with protocol {self.protocol}", " or ".join(DLMS_PROTOCOLS), path=("through",)
            )
        return self

    @model_validator(mode="after")
    def _own_table_on_its_protocol_only(self) -> Self:
        for table in ("iec62056_21", "p1", "han", "push"):
            if self.protocol != table and table in self.model_fields_set:
                allowed = f'protocol = "{table}"'
                raise Problems.one(f"has no use with protocol {self.protocol}", allowed, path=(table,))
        return self

    @model_validator(mode="after")
    def _mbus_on_mbus_only(self) -> Self:
        if self.protocol == "mbus" and self.mbus is None:
            raise Problems.one("is missing", "a table [doors.mbus] with primary or identification", path=("mbus",))
        if self.protocol != "mbus" and self.mbus is not None:
            raise Problems.one(f"has no use with protocol {self.protocol}", 'protocol = "mbus"', path=("mbus",))
        return self
