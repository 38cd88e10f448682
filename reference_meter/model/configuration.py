"""All parameters of one meter; a variant of the meter is another configuration, never other code."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Literal

from reference_meter.codec.conformance import GENERAL_PROTECTION
from reference_meter.consumer.han_settings import HanSettings
from reference_meter.consumer.settings import ConsumerSettings
from reference_meter.mbus.settings import MBusSettings
from reference_meter.model.billing_settings import BillingSettings, StatusType
from reference_meter.model.clock_settings import ClockSettings
from reference_meter.model.data import obis
from reference_meter.model.date_time import LocalTime
from reference_meter.model.event_settings import EventSettings, LogName
from reference_meter.model.push_settings import PushSettings
from reference_meter.model.supply.settings import SupplySettings
from reference_meter.model.tariff.settings import TariffSettings
from reference_meter.play_keys import IMAGE_KEY, TEST_SECURITY
from reference_meter.security.hls import HLS, UNTITLED
from reference_meter.security.store import SecuritySettings
from reference_meter.server.settings import LinkSettings

__all__ = ["Client", "Instances", "MeterConfiguration", "ProfileSettings", "Role", "TariffSwitch"]

Role = Literal["public", "reading", "management", "pre_established", "script"]
"""Of clients, and of the meter's own scripts."""

MECHANISM_NONE = 0
MECHANISM_LLS = 1
MECHANISM_GMAC = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One client that may associate."""

    sap: int
    role: Role
    name: str = ""
    """As a declaration calls its association; without, as its role."""
    mechanism: int = MECHANISM_NONE
    """Authentication mechanism id: 0 none, 1 low level security, 3 to 7 high level security."""
    secret: bytes = field(default=b"", repr=False)
    """Of mechanisms 1, 3, 4 and 6."""
    ciphered: bool = False
    """The association is ciphered with the keys of the meter's ``security``."""
    user_id: int | None = None
    """The calling-AE-invocation-id that this client has to give; None asks for none."""

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", self.role.replace("_", "-"))

    @property
    def pre_established(self) -> bool:
        """Whether the association stands without having been asked for."""
        return self.role == "pre_established"

    @property
    def needs_keys(self) -> bool:
        """Whether this client cannot associate without the meter's ``security``."""
        return self.ciphered or (self.mechanism in HLS and self.mechanism not in UNTITLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instances:
    """The OBIS code of each object, six octets."""

    association: bytes = obis("0.0.40.0.0.255")
    sap_assignment: bytes = obis("0.0.41.0.0.255")
    logical_device_name: bytes = obis("0.0.42.0.0.255")
    clock: bytes = obis("0.0.1.0.0.255")
    energy_import_total: bytes = obis("1.0.1.8.0.255")
    energy_export_total: bytes = obis("1.0.2.8.0.255")
    power_import: bytes = obis("1.0.1.7.0.255")
    power_export: bytes = obis("1.0.2.7.0.255")
    max_demand_import: bytes = obis("1.0.1.6.0.255")
    average_demand_import: bytes = obis("1.0.1.4.0.255")
    load_profile: bytes = obis("1.0.99.1.0.255")
    load_profile_status: bytes = obis("0.0.96.10.1.255")
    active_tariff: bytes = obis("0.0.96.14.0.255")
    activity_calendar: bytes = obis("0.0.13.0.0.255")
    special_days: bytes = obis("0.0.11.0.0.255")
    tariff_script: bytes = obis("0.0.10.0.100.255")
    register_activation: bytes = obis("0.0.14.0.0.255")
    serial_number: bytes = obis("0.0.96.1.0.255")
    firmware_id: bytes = obis("1.0.0.2.0.255")
    security_setup: bytes = obis("0.0.43.0.0.255")
    consumer_security_setup: bytes = obis("0.0.43.0.1.255")
    invocation_counter: bytes = obis("0.0.43.1.0.255")
    standard_log: bytes = obis("0.0.99.98.0.255")
    fraud_log: bytes = obis("0.0.99.98.1.255")
    standard_event_code: bytes = obis("0.0.96.11.0.255")
    fraud_event_code: bytes = obis("0.0.96.11.1.255")
    disconnector_log: bytes = obis("0.0.99.98.2.255")
    disconnector_event_code: bytes = obis("0.0.96.11.2.255")
    communication_log: bytes = obis("0.0.99.98.5.255")
    communication_event_code: bytes = obis("0.0.96.11.5.255")
    event_number: bytes = obis("0.0.96.11.10.255")
    disconnector: bytes = obis("0.0.96.3.10.255")
    disconnect_script: bytes = obis("0.0.10.0.106.255")
    disconnect_schedule: bytes = obis("0.0.15.0.1.255")
    limiter: bytes = obis("0.0.17.0.0.255")
    register_monitor: bytes = obis("0.0.16.0.0.255")
    collection_filter: bytes = obis("0.0.94.49.10.255")
    parameter_monitor: bytes = obis("0.0.16.2.0.255")
    parameter_monitor_log: bytes = obis("0.0.99.16.0.255")
    configuration_counter: bytes = obis("0.0.96.2.0.255")
    configuration_date: bytes = obis("0.0.96.2.1.255")
    protected_configuration_counter: bytes = obis("0.0.96.2.10.255")
    protected_configuration_date: bytes = obis("0.0.96.2.11.255")
    seal_status: bytes = obis("0.0.96.2.4.255")
    error_register: bytes = obis("0.0.97.97.0.255")
    alarm_register: bytes = obis("0.0.97.98.0.255")
    firmware_signature: bytes = obis("1.0.0.2.8.255")
    application_firmware_id: bytes = obis("1.1.0.2.0.255")
    meter_constant: bytes = obis("1.0.0.3.0.255")
    transformer_ratio_current: bytes = obis("1.0.0.4.2.255")
    transformer_ratio_voltage: bytes = obis("1.0.0.4.3.255")
    image_transfer: bytes = obis("0.0.44.0.0.255")
    mbus_port: bytes = obis("0.0.24.6.0.255")
    mbus_client: bytes = obis("0.1.24.1.0.255")
    child_value: bytes = obis("0.1.24.2.1.255")
    child_profile: bytes = obis("0.1.24.3.0.255")

    @property
    def energy_groups(self) -> tuple[bytes, ...]:
        """What the codes of all energy registers of one direction share: all but the tariff."""
        totals = (self.energy_import_total, self.energy_export_total)
        return tuple(total[:4] + total[5:] for total in totals)

    def event_log(self, log: LogName) -> bytes:
        """The log of one name."""
        code: bytes = getattr(self, f"{log}_log")
        return code

    def event_code(self, log: LogName) -> bytes:
        """The object that shows the last event of a log."""
        code: bytes = getattr(self, f"{log}_event_code")
        return code

    def energy_import_rate(self, rate: int) -> bytes:
        """The register of one tariff: the total's code with the tariff as fifth number."""
        return _with_tariff(self.energy_import_total, rate)

    def energy_export_rate(self, rate: int) -> bytes:
        """The register of one tariff, likewise."""
        return _with_tariff(self.energy_export_total, rate)


def _with_tariff(total: bytes, rate: int) -> bytes:
    return total[:4] + bytes([rate]) + total[5:]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileSettings:
    """The load profile's parameters."""

    period_s: int = 900
    """0 captures only on demand; above an hour the periods count from local midnight."""
    entries: int = 960
    compressed: bool = False
    """Null-data in a row that goes out: as before, or for the clock as before plus one period."""
    newest_first: bool = False
    """The newest row is the first of the buffer."""
    storing_s: float = 0.0
    """So long after its capture a row can be read."""
    most_entries: int = 10_000
    """The largest number of rows that can be written."""
    clips_entries: bool = False
    """A larger number becomes the largest one instead of being refused."""
    most_columns: int = 16
    compact: bool = False
    """Rows go out as a compact array: one description of their types, then the contents."""
    selectors: tuple[int, ...] = (1, 2)
    """How rows can be selected: 1 by range, 2 by entry."""
    status_type: StatusType = "unsigned"
    further_columns: tuple[tuple[int, bytes], ...] = ()
    """Class and OBIS code of what is captured besides clock, status and both totals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffSwitch:
    """From this local time of each day on, this tariff is active."""

    at: time
    rate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterConfiguration:
    """What one meter is."""

    name: str = "default"
    clients: tuple[Client, ...] = (
        Client(sap=16, role="public"),
        Client(sap=2, role="reading", mechanism=MECHANISM_LLS, secret=b"reading1"),
        Client(sap=1, role="management", mechanism=MECHANISM_LLS, secret=b"manage-1"),
        Client(sap=3, role="reading", name="reading-secured", mechanism=MECHANISM_GMAC, ciphered=True),
        Client(sap=4, role="management", name="management-secured", mechanism=MECHANISM_GMAC, ciphered=True),
        Client(sap=102, role="pre_established"),
    )
    logical_device_name: bytes = b"CFM0000000000001"
    serial_number: bytes = b"00000001"
    firmware_id: bytes = b"1.0.0"
    """Of the legally relevant part."""
    application_id: bytes = b"A1.0.0"
    """Of the application firmware that the meter leaves the factory with."""
    association_version: int = 0
    """Version of class 15: 0 ends at attribute 8, 1 adds attribute 9 and numbers for method rights."""
    instances: Instances = Instances()
    energy_scaler: int = 0
    power_scaler: int = 0
    demand_scaler: int = 0
    demand_period_s: int = 900
    schedule: tuple[TariffSwitch, ...] = (
        TariffSwitch(at=time(7), rate=1),
        TariffSwitch(at=time(22), rate=2),
    )
    """In the order of the day; before the first switch the last one is in force."""
    tariff: TariffSettings = field(default_factory=TariffSettings)
    shows_register_activation: bool = True
    """Whether the masks of registers are an object, and what the tariff scripts do to them can be read."""
    profile: ProfileSettings = ProfileSettings()
    billing: BillingSettings = field(default_factory=BillingSettings, repr=False)
    """Sets of data stored at regular times."""
    local_time: LocalTime = field(default_factory=LocalTime)
    clock: ClockSettings = field(default_factory=ClockSettings)
    sync_limit_s: float = 60.0
    """A clock set by more than this marks the next profile row."""
    start: datetime = datetime(2026, 3, 2, 10, tzinfo=UTC)
    """Metering time at which the meter comes to life, after its history."""
    history_days: int = 2
    initial_energy_wh: int = 1_000_000
    """Import that each tariff register shows at the beginning of the history; export has a tenth of it."""
    notifies: bool = False
    """Each association that negotiated notifications gets one before its first answer."""
    import_w: float = 500.0
    export_w: float = 0.0
    link: LinkSettings = field(default_factory=LinkSettings)
    security: SecuritySettings | None = TEST_SECURITY
    """Without, no client can be ciphered, and the meter has no security setup."""
    security_setup_version: Literal[0, 1] = 1
    """Version of class 64: 0 has a number for the policy, 1 a mask of bits."""
    events: EventSettings = field(default_factory=EventSettings)
    further_watched: tuple[tuple[int, bytes, int], ...] = ()
    """Class, OBIS code and attribute of what the parameter monitor watches besides load profile and clock."""
    supply: SupplySettings = field(default_factory=SupplySettings)
    mbus: MBusSettings = field(default_factory=MBusSettings)
    consumer: ConsumerSettings = field(default_factory=ConsumerSettings)
    han: HanSettings = field(default_factory=HanSettings)
    push: PushSettings = field(default_factory=PushSettings)
    has_seal: bool = True
    """Some parameters can be written while the seal is open, and never otherwise."""
    shown: frozenset[bytes] | None = None
    """OBIS codes of all objects that clients can reach; None leaves none out."""
    not_shown: frozenset[bytes] = frozenset()
    """OBIS codes of objects that clients cannot reach."""
    image_key: bytes = field(default=IMAGE_KEY, repr=False)
    """With it the maker signs firmware images."""

    def __post_init__(self) -> None:
        if self.security is None and any(client.needs_keys for client in self.clients):
            raise ValueError("a client needs keys, but the meter has no security")

    def shows(self, code: bytes) -> bool:
        """Whether clients can reach the object of this OBIS code."""
        return code not in self.not_shown and (self.shown is None or code in self.shown)

    def conformance_of(self, client: Client) -> int:
        """The services that this client may negotiate; only a ciphered one has general protection."""
        return self.link.conformance if client.ciphered else self.link.conformance & ~GENERAL_PROTECTION

    @property
    def default_rate(self) -> int:
        """The tariff while nobody knows the time."""
        return self.rates[0]

    @property
    def rates(self) -> tuple[int, ...]:
        """The tariffs, ascending."""
        return tuple(sorted({switch.rate for switch in self.schedule}))
