"""Other security suites, mechanisms, policies and forms, and other ways to treat what is wrongly ciphered."""

from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from reference_meter.model.configuration import Client, MeterConfiguration
from reference_meter.play_keys import TEST_SECURITY
from reference_meter.security.store import KeySet, SecuritySettings
from reference_meter.variants.variant import DEFAULT, Variant, associations

__all__ = ["VARIANTS"]

_GMAC, _SHA256, _ECDSA = 5, 6, 7
_KEYS_OF_SUITE_2 = KeySet(
    unicast=bytes(range(0x20)),
    broadcast=bytes(range(0x20, 0x40)),
    authentication=bytes(range(0xD0, 0xF0)),
    master=bytes(range(0x40, 0x60)),
)
_NUMBER_OF_HEAD_END, _NUMBER_OF_METER = bytes(range(0x60, 0x80)), bytes(range(0x80, 0xA0))
"""Private keys of suite 1."""
_AUTHENTICATED_ONLY = 0x04 | 0x20
"""Policy bits that demand authentication of requests and of responses."""


def _point(number: bytes) -> bytes:
    """The public key of a private number in suite 1, uncompressed."""
    key = ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _clients(mechanism: int = _GMAC) -> tuple[Client, ...]:
    """The clients of the default meter, the ciphered ones with another mechanism."""
    secret = b"a secret of both" if mechanism == _SHA256 else b""
    return tuple(
        replace(client, mechanism=mechanism, secret=secret) if client.ciphered else client for client in DEFAULT.clients
    )


def _variant(
    name: str,
    about: str,
    *,
    clients: tuple[Client, ...] = DEFAULT.clients,
    settings: SecuritySettings = TEST_SECURITY,
    of_ciphered: dict[str, Any] | None = None,
    device: dict[str, Any] | None = None,
    exceptions: dict[str, str] | None = None,
) -> Variant:
    """A meter with other clients or other security; ``of_ciphered`` goes into the security of its declaration."""
    declared = associations(clients, settings=settings)
    for one in declared:
        if "security" in one:
            one["security"].update(of_ciphered or {})
    patch: dict[str, Any] = {"identity": {"name": f"reference-{name}"}, "associations": declared}
    configuration: MeterConfiguration = replace(DEFAULT, name=name, clients=clients, security=settings)
    return Variant(
        name=name,
        about=about,
        configuration=configuration,
        declaration=patch | ({"security": device} if device else {}),
        exceptions=exceptions or {},
    )


VARIANTS = (
    _variant("suite-1", "Security suite 1.", settings=replace(TEST_SECURITY, suite=1)),
    _variant(
        "suite-2",
        "Security suite 2, with keys of 32 octets.",
        settings=replace(TEST_SECURITY, suite=2, keys=_KEYS_OF_SUITE_2),
    ),
    _variant("hls-sha256", "Ciphered clients prove themselves by SHA-256.", clients=_clients(_SHA256)),
    _variant(
        "hls-ecdsa",
        "Ciphered clients prove themselves by signatures of suite 1.",
        clients=_clients(_ECDSA),
        settings=replace(
            TEST_SECURITY,
            suite=1,
            signing_key=_NUMBER_OF_METER,
            client_public_key=_point(_NUMBER_OF_HEAD_END),
        ),
        of_ciphered={
            "signing_key": f"hex:{_NUMBER_OF_HEAD_END.hex()}",
            "server_public_key": _point(_NUMBER_OF_METER)[1:].hex(),
        },
    ),
    _variant("general-glo", "All APDUs go in the general forms.", of_ciphered={"general_ciphering": True}),
    _variant(
        "authenticated-only",
        "The policy demands authentication and no encryption.",
        settings=replace(TEST_SECURITY, policy=_AUTHENTICATED_ONLY),
        of_ciphered={"policy": "authenticated"},
        exceptions={"TR-Conf.05b-N08": "a policy without encryption takes requests without it"},
    ),
    _variant(
        "counter-jump-limit",
        "An invocation counter may be at most 500 above the last one.",
        settings=replace(TEST_SECURITY, counter_jump_limit=500),
        device={"counter_jump_limit": 500},
    ),
    _variant(
        "closes-connection",
        "A wrongly ciphered request gets no answer and ends the connection.",
        settings=replace(TEST_SECURITY, closes_connection=True),
        device={"closes_connection": True},
    ),
    _variant(
        "insufficient-exception",
        "What is protected too little gets an exception.",
        settings=replace(TEST_SECURITY, insufficient_result=None),
    ),
    _variant(
        "plain-reading",
        "Only the management client is ciphered; reading has a password.",
        clients=tuple(client for client in DEFAULT.clients if client.name != "reading-secured"),
        exceptions={"TR-Conf.05b-N13": "there is one ciphered client"},
    ),
)
