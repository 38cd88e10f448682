"""TR-Conf.05, first sentence: wrong diagnostics of association requests, and flaws that are let pass."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from reference_meter.codec import acse, initiate
from reference_meter.codec.acse import Aare, Aarq
from reference_meter.codec.initiate import InitiateRequest
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.server.association import SessionKey
from reference_meter.server.associations import Negotiated
from reference_meter.server.model_port import ClientProfile
from reference_meter.server.protection import Protection

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.05a"
_NO_REASON = 1
_DIAGNOSTICS = ((acse.USER, 2), (acse.USER, 3), (acse.USER, 11), (acse.USER, 13), (acse.USER, 14), (acse.PROVIDER, 2))
_INITIATE_ERRORS = (initiate.VERSION_TOO_LOW, initiate.INCOMPATIBLE_CONFORMANCE, initiate.PDU_SIZE_TOO_SHORT)
_DLMS_VERSION = 6
_INITIATE_RESPONSE = b"\x08"
_VERSION_AT = 2
"""Of an initiate response, behind tag and the absent quality of service."""
_TITLE_OCTETS = 8

Accept = Callable[[SessionKey, Aarq], Aare]
JudgeInitiate = Callable[[InitiateRequest, Negotiated], int]


@deviation(
    "aarq-refused-without-reason",
    _CLAUSE,
    about="Association requests with one kind of flaw are refused with no reason in place of the one there is.",
)
def refused_without_reason(meter: Meter, rng: Random) -> None:
    """Draw the diagnostic that is kept from the client."""
    kept = rng.choice(_DIAGNOSTICS)

    def encode(original: Callable[[Aare], bytes], aare: Aare) -> bytes:
        if aare.result == 0 or (aare.source, aare.diagnostic) != kept:
            return original(aare)
        meter.fire()
        return original(replace(aare, source=acse.USER, diagnostic=_NO_REASON))

    wrap(meter.server.associations, "encode", encode)


@deviation("aarq-flaw-accepted", _CLAUSE, about="One kind of flaw in an association request is taken for right.")
def flaw_accepted(meter: Meter, rng: Random) -> None:
    """Draw the flaw."""
    flaw = rng.choice(tuple(_MENDED))
    model = meter.server.model

    def accept(original: Accept, key: SessionKey, aarq: Aarq) -> Aare:
        profile = model.client(key.client)
        mended = aarq if profile is None else _MENDED[flaw](aarq, profile)
        if mended != aarq:
            meter.fire()
        return original(key, mended)

    wrap(meter.server.associations, "accept", accept)


def _version_mended(aarq: Aarq, profile: ClientProfile) -> Aarq:
    return replace(aarq, protocol_version_1=True)


def _context_mended(aarq: Aarq, profile: ClientProfile) -> Aarq:
    return replace(aarq, context=acse.LN_CIPHERED_CONTEXT if profile.ciphered else acse.LN_CONTEXT)


def _title_mended(aarq: Aarq, profile: ClientProfile) -> Aarq:
    title = aarq.calling_ap_title
    if title is None or len(title) == _TITLE_OCTETS or profile.security is None:
        return aarq
    return replace(aarq, calling_ap_title=profile.security.settings.client_system_title)


def _mechanism_mended(aarq: Aarq, profile: ClientProfile) -> Aarq:
    if not aarq.authentication_unit or profile.mechanism == 0:
        return aarq
    return replace(aarq, mechanism=acse.mechanism_oid(profile.mechanism))


def _authentication_mended(aarq: Aarq, profile: ClientProfile) -> Aarq:
    if aarq.authentication_unit or profile.mechanism == 0:
        return aarq
    mechanism = acse.mechanism_oid(profile.mechanism)
    return replace(aarq, authentication_unit=True, mechanism=mechanism, calling_value=profile.secret)


_MENDED: dict[str, Callable[[Aarq, ClientProfile], Aarq]] = {
    "protocol version": _version_mended,
    "application context": _context_mended,
    "title": _title_mended,
    "mechanism": _mechanism_mended,
    "authentication": _authentication_mended,
}


@deviation(
    "initiate-flaw-accepted",
    _CLAUSE,
    about="A version, conformance or receive size that cannot be worked with is accepted all the same.",
)
def initiate_flaw_accepted(meter: Meter, rng: Random) -> None:
    """Draw which of the three."""
    passed = rng.choice(_INITIATE_ERRORS)

    def initiate_error(original: JudgeInitiate, proposal: InitiateRequest, negotiated: Negotiated) -> int:
        error = original(proposal, negotiated)
        if error != passed:
            return error
        meter.fire()
        return 0

    wrap(meter.server.associations, "initiate_error", initiate_error)


@deviation(
    "initiate-error-wrong", _CLAUSE, about="The error inside a refusing AARE is not that of the flaw but another one."
)
def initiate_error_wrong(meter: Meter, rng: Random) -> None:
    """Draw the flaw and the error."""
    meant = rng.choice(_INITIATE_ERRORS)
    told = rng.choice([error for error in (*_INITIATE_ERRORS, initiate.REFUSED) if error != meant])

    def initiate_error(original: JudgeInitiate, proposal: InitiateRequest, negotiated: Negotiated) -> int:
        error = original(proposal, negotiated)
        if error != meant:
            return error
        meter.fire()
        return told

    wrap(meter.server.associations, "initiate_error", initiate_error)


@deviation("dlms-version-7-refused", _CLAUSE, about="A client that knows a later version of DLMS is refused.")
def version_7_refused(meter: Meter, rng: Random) -> None:
    """Draw the error."""
    told = rng.choice((initiate.VERSION_TOO_LOW, initiate.REFUSED))

    def initiate_error(original: JudgeInitiate, proposal: InitiateRequest, negotiated: Negotiated) -> int:
        if proposal.version <= _DLMS_VERSION:
            return original(proposal, negotiated)
        meter.fire()
        return told

    wrap(meter.server.associations, "initiate_error", initiate_error)


@deviation("dlms-version-echoed", _CLAUSE, about="The meter says that it speaks whatever version the client proposes.")
def version_echoed(meter: Meter, rng: Random) -> None:
    """No parameter."""
    proposed: list[int] = []

    def initiate_error(original: JudgeInitiate, proposal: InitiateRequest, negotiated: Negotiated) -> int:
        proposed[:] = [proposal.version]
        return original(proposal, negotiated)

    def protect_version(original: Callable[..., bytes], negotiated: Negotiated, protection: Protection) -> bytes:
        response: bytes = original(negotiated, protection)
        if not proposed or proposed[0] <= _DLMS_VERSION or response[:1] != _INITIATE_RESPONSE:
            return response
        meter.fire()
        return response[:_VERSION_AT] + bytes([proposed[0]]) + response[_VERSION_AT + 1 :]

    wrap(meter.server.associations, "initiate_error", initiate_error)
    wrap(meter.server.associations, "initiate_response", protect_version)


@deviation("unknown-client-let-in", _CLAUSE, about="A client that the meter does not know gets an association.")
def unknown_client_let_in(meter: Meter, rng: Random) -> None:
    """No parameter: it gets what the public client gets."""
    public = next(client.sap for client in meter.configuration.clients if client.role == "public")

    def client(original: Callable[[int], ClientProfile | None], sap: int) -> ClientProfile | None:
        profile = original(sap)
        if profile is not None:
            return profile
        meter.fire()
        return original(public)

    def authenticate(original: Callable[..., bool], sap: int, mechanism: int, secret: bytes | None) -> bool:
        known = any(one.sap == sap for one in meter.configuration.clients)
        return original(sap, mechanism, secret) if known else True

    wrap(meter.server.model, "client", client)
    wrap(meter.server.model, "authenticate", authenticate)


FAMILIES = (
    refused_without_reason,
    flaw_accepted,
    initiate_flaw_accepted,
    initiate_error_wrong,
    version_7_refused,
    version_echoed,
    unknown_client_let_in,
)
