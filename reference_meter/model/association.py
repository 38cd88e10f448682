"""The current association (class 15): what a client may reach and how it is associated."""

from collections.abc import Callable, Iterable

from reference_meter.model.configuration import Client, MeterConfiguration
from reference_meter.model.data import (
    NULL,
    Pair,
    array,
    bit_string,
    boolean,
    enum,
    integer,
    long_unsigned,
    octet_string,
    structure,
    unsigned,
)
from reference_meter.model.objects import ALL, NOBODY, Attribute, CosemObject, DataAccessResult, Method
from reference_meter.security.hls import HLS
from reference_meter.server.model_port import AccessRefused

__all__ = ["AssociationLn"]

_ASSOCIATED = 2
_DLMS_VERSION = 6
_LN_WITHOUT_CIPHERING, _LN_WITH_CIPHERING = 1, 3
_OID_CONTEXT, _OID_MECHANISM = 1, 2


def _oid(kind: int, number: int) -> Pair:
    """An application context or mechanism name as the structure of its arcs 2.16.756.5.8.kind.number."""
    return structure(
        unsigned(2),
        unsigned(16),
        long_unsigned(756),
        unsigned(5),
        unsigned(8),
        unsigned(kind),
        unsigned(number),
    )


class AssociationLn(CosemObject):
    """The instance of class 15 as one client sees it."""

    def __init__(
        self, configuration: MeterConfiguration, client: Client, objects: Callable[[Client], Iterable[CosemObject]]
    ) -> None:
        link = configuration.link
        context_info = structure(
            bit_string(24, configuration.conformance_of(client).to_bytes(3, "big")),
            long_unsigned(link.server_max_receive_pdu_size),
            long_unsigned(link.server_max_receive_pdu_size),
            unsigned(_DLMS_VERSION),
            integer(0),
            octet_string(b""),
        )
        values: dict[int, Callable[[], Pair]] = {
            2: self.object_list,
            3: lambda: structure(integer(client.sap), long_unsigned(configuration.link.server_saps[0])),
            4: lambda: _oid(_OID_CONTEXT, _LN_WITH_CIPHERING if client.ciphered else _LN_WITHOUT_CIPHERING),
            5: lambda: context_info,
            6: lambda: _oid(_OID_MECHANISM, client.mechanism),
            7: lambda: octet_string(client.secret),
            8: lambda: enum(_ASSOCIATED),
        }
        if configuration.association_version >= 1:
            # No security setup belongs to an association without ciphering.
            values[9] = lambda: octet_string(configuration.instances.security_setup if client.ciphered else b"")
        super().__init__(
            class_id=15,
            version=configuration.association_version,
            obis=configuration.instances.association,
            attributes={
                number: Attribute(read=read, readers=NOBODY if number == 7 else ALL) for number, read in values.items()
            },
        )
        if client.mechanism in HLS:
            self.methods = {1: Method(invoke=_authenticated_already, callers=frozenset({client.role}))}
        self._client = client
        self._objects = objects

    def object_list(self) -> Pair:
        """Attribute 2: the objects that this client can reach, with its rights."""
        role = self._client.role
        return array(self._element(item) for item in self._objects(self._client) if item.visible_to(role))

    def _element(self, item: CosemObject) -> Pair:
        role = self._client.role
        attributes = []
        for number, attribute in sorted(item.attributes.items()):
            mode = (role in attribute.readers) + 2 * attribute.writable_by(role)
            selectors = array(map(integer, attribute.selectors)) if attribute.selectors else NULL
            attributes.append(structure(integer(number), enum(mode), selectors))
        right = boolean if self.version == 0 else _method_mode
        methods = [
            structure(integer(number), right(role in method.callers)) for number, method in sorted(item.methods.items())
        ]
        return structure(
            long_unsigned(item.class_id),
            unsigned(item.version),
            octet_string(item.obis),
            structure(array(attributes), array(methods)),
        )


def _authenticated_already(parameter: Pair | None) -> None:
    """The reply to the challenge is judged before the model is asked; here nothing is left to prove."""
    raise AccessRefused(DataAccessResult.READ_WRITE_DENIED)


def _method_mode(allowed: bool) -> Pair:
    return enum(1 if allowed else 0)
