"""Credentials of an association from what the device's declaration says, with counters that outlive the run.

What keys have done goes into the trace, so that a run can be replayed without its keys.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace

from harness.declaration import AssociationDeclaration, Declaration, SecurityDeclaration
from harness.errors import DeclarationError
from harness.evidence.trace import Trace
from harness.headend.declared_keys import general_keys, private_key, public_key, symmetric_key
from harness.headend.restoring.key_record import KeyRecord
from harness.headend.restoring.key_ring import KeyRing
from harness.keys import CounterStore, InvocationCounter, state_folder
from harness.protocol import acse, security
from harness.protocol import apdu as xdlms
from harness.session import AssociationRequest, CipheredProtection, Credentials, GeneralKeys, NoProtection, Protection

__all__ = ["CredentialSource", "association_request"]

_LOW_LEVEL = 1
_CHALLENGE_OCTETS = 16


class CredentialSource:
    """Makes the credentials for one head end; what is random or counted is recalled when a run is replayed."""

    def __init__(
        self, declaration: Declaration, trace: Trace, keys: KeyRing, store: CounterStore | None = None
    ) -> None:
        """``store`` is where invocation counters are kept; by default in the user's folder for state."""
        self._keys = keys
        self._declaration = declaration
        self._trace = trace
        self._store = store or CounterStore(state_folder())
        self._counters: dict[tuple[bytes, bytes], InvocationCounter] = {}
        self._asked: set[tuple[str, bytes]] = set()
        declared_secrets = tuple(secret.reveal() for _, secret in declaration.secrets())
        self._recall = KeyRecord(trace, lambda: (*declared_secrets, *keys.secrets))

    def credentials(self, declared: AssociationDeclaration, announced: Callable[[], int]) -> Credentials:
        """Return what the client needs for one association.

        ``announced`` asks the device for the last invocation counter that it has accepted; it is called once for
        each client and key whose declaration wants it. Raises ``DeclarationError`` for keys that do not fit.
        """
        if declared.mechanism_id <= _LOW_LEVEL and declared.security is None:
            return Credentials()
        challenge = b""
        if declared.mechanism_id > _LOW_LEVEL:
            challenge = self._random("challenge", _CHALLENGE_OCTETS)
        if declared.security is None:
            return Credentials(hls=_hls_keys(declared, None), challenge=challenge, recall=self._recall)
        return self._with_security(declared, declared.security, challenge, announced)

    def _with_security(
        self,
        declared: AssociationDeclaration,
        agreed: SecurityDeclaration,
        challenge: bytes,
        announced: Callable[[], int],
    ) -> Credentials:
        keys = None
        if agreed.encryption_key is not None and agreed.authentication_key is not None:
            keys = self._cipher_keys(declared, agreed, "encryption_key")
        if keys is None:
            return Credentials(
                client_title=agreed.client_title,
                server_title=agreed.server_title,
                hls=_hls_keys(declared, None),
                challenge=challenge,
                recall=self._recall,
            )
        counter = self._counter(declared, agreed, keys, announced)
        return Credentials(
            client_title=agreed.client_title,
            server_title=agreed.server_title,
            control=_control(agreed) if declared.ciphered else None,
            keys=keys,
            general=agreed.general_ciphering,
            general_keys=self._general_keys(declared, agreed),
            dedicated_key=secrets.token_bytes(len(keys.encryption))
            if declared.ciphered and agreed.dedicated_key
            else None,
            hls=_hls_keys(declared, keys),
            challenge=challenge,
            counter=counter.take,
            go_on_above=counter.above,
            key_name=self._trace.name_of_key(keys.encryption),
            recall=self._recall,
        )

    def unanswered(self, declared: AssociationDeclaration, *, to_all: bool) -> Protection:
        """Return the protection of what is sent without an association and never answered.

        With the broadcast key where it goes to all; to one device too, where a broadcast key is declared.
        """
        agreed = declared.security
        if not declared.ciphered or agreed is None:
            return NoProtection()
        broadcast = to_all or agreed.broadcast_key is not None
        name = "broadcast_key" if broadcast else "encryption_key"
        if getattr(agreed, name) is None:
            raise DeclarationError(
                f"association {declared.id}: {name} is missing, because requests to all stations are ciphered with it; "
                'allowed: a reference such as "env:NAME"'
            )
        keys = self._cipher_keys(declared, agreed, name)
        return CipheredProtection(
            control=replace(_control(agreed), broadcast=broadcast),
            keys=keys,
            client_title=agreed.client_title,
            server_title=agreed.server_title,
            counter=self._counter_of(agreed, keys).take,
            general=agreed.general_ciphering,
            recall=self._recall,
        )

    def _cipher_keys(
        self, declared: AssociationDeclaration, agreed: SecurityDeclaration, encryption: str
    ) -> security.CipherKeys:
        return security.CipherKeys(
            encryption=self._keys.in_force(symmetric_key(declared, agreed, encryption), encryption),
            authentication=self._keys.in_force(
                symmetric_key(declared, agreed, "authentication_key"), "authentication_key"
            ),
        )

    def _general_keys(self, declared: AssociationDeclaration, agreed: SecurityDeclaration) -> GeneralKeys | None:
        keys = general_keys(declared, agreed)
        if keys is None or keys.master_key is None:
            return keys
        return replace(keys, master_key=self._keys.in_force(keys.master_key, "master_key"))

    def _counter(
        self,
        declared: AssociationDeclaration,
        agreed: SecurityDeclaration,
        keys: security.CipherKeys,
        announced: Callable[[], int],
    ) -> InvocationCounter:
        counter = self._counter_of(agreed, keys)
        asked = (declared.id, keys.encryption)
        if agreed.counter == "device" and asked not in self._asked:
            counter.above(announced())
            self._asked.add(asked)
        return counter

    def _counter_of(self, agreed: SecurityDeclaration, keys: security.CipherKeys) -> InvocationCounter:
        # Clients with the same key and title share one counter, however many associations are open.
        owner = (keys.encryption, agreed.client_title)
        counter = self._counters.get(owner)
        if counter is None:
            counter = self._counters[owner] = self._store.counter(key=keys.encryption, system_title=agreed.client_title)
        return counter

    def _random(self, name: str, octets: int) -> bytes:
        return bytes.fromhex(self._trace.recall(name, lambda: secrets.token_hex(octets)))


def association_request(
    declared: AssociationDeclaration, credentials: Credentials, *, max_receive_pdu_size: int
) -> AssociationRequest:
    """Return what a declared client asks for when it associates."""
    context = acse.ApplicationContext
    return AssociationRequest(
        context=context.LOGICAL_NAME_CIPHERED if declared.ciphered else context.LOGICAL_NAME,
        mechanism=declared.mechanism_id,
        secret=declared.secret.reveal() if declared.secret and declared.mechanism_id == _LOW_LEVEL else None,
        conformance=xdlms.Conformance.named(declared.conformance),
        max_receive_pdu_size=max_receive_pdu_size,
        user_id=declared.user_id,
        credentials=credentials,
    )


def _control(agreed: SecurityDeclaration) -> security.SecurityControl:
    return security.SecurityControl(
        suite=security.SuiteId(agreed.suite), authenticated=agreed.authenticated, encrypted=agreed.encrypted
    )


def _hls_keys(declared: AssociationDeclaration, keys: security.CipherKeys | None) -> security.HlsKeys:
    agreed = declared.security
    suite = security.SuiteId(agreed.suite if agreed is not None else 0)
    return security.HlsKeys(
        suite=suite,
        secret=declared.secret.reveal() if declared.secret is not None else None,
        keys=keys,
        signing_key=None if agreed is None else private_key(declared, agreed, "signing_key"),
        peer_key=None if agreed is None else public_key(declared, agreed, "server_public_key"),
    )
