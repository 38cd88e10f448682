"""Requests within an association that cannot be carried out, each sent as one client and named by what is wrong.

None of them does anything to a device that refuses it; what a defective device might do is said by the scenarios.
"""

from typing import Final

from harness.declaration import CosemObject, Declaration
from harness.errors import DecodeError, Inconclusive, NotApplicable, Refused
from harness.headend.client import Client, item
from harness.headend.requests import unannounced_object
from harness.headend.rights.object_list import ObjectList, current_association, read_object_list
from harness.headend.stimuli.provoke import Provoked, provoke
from harness.protocol import apdu as xdlms
from harness.protocol import axdr, cosem
from harness.protocol.apdu import Conformance

__all__ = ["Stimuli", "announced_to"]

_VALUE: Final = 2
_NO_ATTRIBUTE: Final = 99
_NO_METHOD: Final = 99
_NO_SELECTOR: Final = 9
_REGISTER, _CLOCK = 3, 8
_FAR_BLOCK: Final = 99
_LATER_BLOCK: Final = 5
_NO_SERVICE: Final = b"\x7a\x01\x00"
_NULL: Final = axdr.encode(axdr.Data(axdr.DataType.NULL_DATA, None))
_ZERO: Final = axdr.encode(axdr.Data(axdr.DataType.INTEGER, 0))
_LONGEST_TRY_OCTETS: Final = 0xF000
"""No link carries much more in one piece."""


def announced_to(client: Client, declaration: Declaration) -> ObjectList | None:
    """Return the object list of a client, None where it may not read it; one that is none is for others to judge."""
    try:
        return read_object_list(client, current_association(declaration))
    except Refused:
        return None
    except DecodeError as error:
        raise Inconclusive(f"basis: the object list does not decode: {error}", missing="device") from error


class Stimuli:
    """The wrong requests that a declaration gives the objects for."""

    def __init__(self, declaration: Declaration) -> None:
        self._declaration = declaration

    @property
    def probe(self) -> CosemObject:
        """An object that is there."""
        return self._declaration.probe

    def unknown(self, client: Client) -> CosemObject:
        """Return a register that is not there."""
        listed = announced_to(client, self._declaration)
        return unannounced_object(frozenset(one.obis for one in listed) if listed else frozenset())

    # GET

    def unknown_object(self, client: Client) -> Provoked:
        """GET of an object that is not there."""
        return _get(client, self.unknown(client), _VALUE)

    def wrong_class(self, client: Client) -> Provoked:
        """GET of an object that is there, as one of another class."""
        probe = self.probe
        other = _CLOCK if probe.class_id == _REGISTER else _REGISTER
        return _get(client, CosemObject.model_validate({"class": other, "obis": probe.obis}), _VALUE)

    def unknown_attribute(self, client: Client) -> Provoked:
        """GET of an attribute that no class has."""
        return _get(client, self.probe, _NO_ATTRIBUTE)

    def no_read_right(self, client: Client) -> Provoked:
        """GET of an attribute that is announced without the right to read."""
        listed = announced_to(client, self._declaration)
        for one in listed or ():
            for attribute, mode in sorted(one.attributes.items()):
                if not mode & 1 if one.bit_masks else mode in (0, 2, 5):
                    return _get(client, one.target, attribute)
        raise Inconclusive("the device announces nothing that this client may not read", missing="device")

    def selection_unsupported(self, client: Client) -> Provoked:
        """GET with selective access of an attribute that has none."""
        selection = xdlms.EntrySelection(from_entry=1, to_entry=1)
        return _get(client, self.probe, _VALUE, selection)

    def selector_unknown(self, client: Client) -> Provoked:
        """GET of the load profile with a selector that does not exist."""
        profile = self._declaration.object("load_profile")
        if not isinstance(profile, CosemObject):
            raise Inconclusive("the declaration does not mention objects.load_profile", missing="declaration")
        null = axdr.Data(axdr.DataType.NULL_DATA, None)
        return _get(client, profile, _VALUE, xdlms.OtherSelection(selector=_NO_SELECTOR, parameter=null))

    def get_next(self, client: Client) -> Provoked:
        """Ask for the next block while no long GET is under way."""
        invoke = client.services.next_invoke()
        return provoke(client.conversation, xdlms.GetRequestNext(invoke=invoke, block_number=1).to_bytes(), invoke)

    def get_block_wrong(self, client: Client) -> Provoked:
        """Ask for a block far ahead of the one that is due."""
        invoke = client.services.next_invoke()
        association = current_association(self._declaration)
        request = xdlms.GetRequestNormal(invoke=invoke, attribute=item(association, _VALUE)[0])
        first = provoke(client.conversation, request.to_bytes(), invoke)
        if not first.is_block:
            reason = f"the object list gave no answer in blocks but {first.description}"
            raise Inconclusive(reason, missing="device")
        far = xdlms.GetRequestNext(invoke=invoke, block_number=_FAR_BLOCK).to_bytes()
        return provoke(client.conversation, far, invoke)

    # SET

    def set_unknown_object(self, client: Client) -> Provoked:
        """SET of an object that is not there."""
        return _set(client, self.unknown(client), _VALUE, _NULL)

    def set_without_first(self, client: Client) -> Provoked:
        """Send a later block of a SET that has not begun."""
        invoke = client.services.next_invoke()
        block = xdlms.SetRequestWithDatablock(invoke=invoke, last=True, block_number=2, raw=_NULL)
        return provoke(client.conversation, block.to_bytes(), invoke)

    # ACTION

    def unknown_object_method(self, client: Client) -> Provoked:
        """ACTION on an object that is not there."""
        return _act(client, self.unknown(client), 1)

    def unknown_method(self, client: Client) -> Provoked:
        """ACTION with a method that no class has."""
        return _act(client, self.probe, _NO_METHOD)

    def action_next(self, client: Client) -> Provoked:
        """Ask for the next block while no long ACTION is under way."""
        invoke = client.services.next_invoke()
        request = xdlms.ActionRequestNextPblock(invoke=invoke, block_number=1).to_bytes()
        return provoke(client.conversation, request, invoke)

    def action_block_wrong(self, client: Client) -> Provoked:
        """Begin an ACTION in blocks, with a method that does not exist, and go on with a wrong number."""
        invoke = client.services.next_invoke()
        method = xdlms.MethodDescriptor(self.probe.class_id, cosem.obis(self.probe.obis), _NO_METHOD)
        first = xdlms.ActionRequestWithFirstPblock(
            invoke=invoke, method=method, last=False, block_number=1, raw=_ZERO[:1]
        )
        begun = provoke(client.conversation, first.to_bytes(), invoke)
        answer = begun.received.answer if begun.received else None
        if not isinstance(answer, xdlms.ActionResponseNextPblock):
            raise Inconclusive(
                f"the ACTION in blocks was refused with its first: {begun.description}", missing="device"
            )
        later = xdlms.ActionRequestWithPblock(invoke=invoke, last=True, block_number=_LATER_BLOCK, raw=_ZERO[1:])
        return provoke(client.conversation, later.to_bytes(), invoke)

    # Services and syntax

    def get_without_service(self, client: Client) -> Provoked:
        """GET where GET was not agreed on."""
        self._is_without(client, Conformance.GET)
        return _get(client, self.probe, _VALUE)

    def set_without_service(self, client: Client) -> Provoked:
        """SET, of an object that is not there, where SET was not agreed on."""
        self._is_without(client, Conformance.SET)
        return _set(client, unannounced_object(frozenset()), _VALUE, _NULL)

    def action_without_service(self, client: Client) -> Provoked:
        """ACTION, on an object that is not there, where ACTION was not agreed on."""
        self._is_without(client, Conformance.ACTION)
        return _act(client, unannounced_object(frozenset()), 1)

    @staticmethod
    def _is_without(client: Client, service: Conformance) -> None:
        if client.association.negotiated.conformance & service:
            reason = f"this client needs {service.describe()} to associate, or the device grants it unasked"
            raise NotApplicable(reason, item="associations.conformance")

    def service_unknown(self, client: Client) -> Provoked:
        """Send an APDU with a tag that names no service."""
        return provoke(client.conversation, _NO_SERVICE)

    def get_choice(self, client: Client) -> Provoked:
        """GET of a kind that does not exist."""
        return provoke(client.conversation, bytes((xdlms.GET_REQUEST_TAG, 0x7F, client.services.next_invoke())))

    def get_cut_short(self, client: Client) -> Provoked:
        """GET that ends in the middle of the object's name."""
        invoke = client.services.next_invoke()
        whole = xdlms.GetRequestNormal(invoke=invoke, attribute=item(self.probe, _VALUE)[0]).to_bytes()
        return provoke(client.conversation, whole[: len(whole) // 2])

    def set_choice(self, client: Client) -> Provoked:
        """SET of a kind that does not exist."""
        return provoke(client.conversation, bytes((xdlms.SET_REQUEST_TAG, 0x7F, client.services.next_invoke())))

    def action_choice(self, client: Client) -> Provoked:
        """ACTION of a kind that does not exist."""
        return provoke(client.conversation, bytes((xdlms.ACTION_REQUEST_TAG, 0x7F, client.services.next_invoke())))

    def too_long(self, client: Client) -> Provoked:
        """Send a request with more octets than the device has said that it takes."""
        limit = client.association.negotiated.server_max_receive_pdu_size
        if not 0 < limit < _LONGEST_TRY_OCTETS:
            raise NotApplicable("the device takes requests of any length that can be sent", item="server-max-receive")
        filler = axdr.encode(axdr.Data(axdr.DataType.OCTET_STRING, bytes(limit)))
        invoke = client.services.next_invoke()
        attribute = item(unannounced_object(frozenset()), _VALUE)[0]
        if client.association.negotiated.conformance & Conformance.SET:
            request = xdlms.SetRequestNormal(invoke=invoke, attribute=attribute, data=filler).to_bytes()
        else:
            parameter = axdr.Data(axdr.DataType.OCTET_STRING, bytes(limit))
            selection = xdlms.OtherSelection(selector=1, parameter=parameter)
            request = xdlms.GetRequestNormal(invoke=invoke, attribute=attribute, selection=selection).to_bytes()
        return provoke(client.conversation, request, invoke)


def _get(client: Client, target: CosemObject, attribute: int, selection: xdlms.Selection | None = None) -> Provoked:
    invoke = client.services.next_invoke()
    request = xdlms.GetRequestNormal(invoke=invoke, attribute=item(target, attribute)[0], selection=selection)
    return provoke(client.conversation, request.to_bytes(), invoke)


def _set(client: Client, target: CosemObject, attribute: int, data: bytes) -> Provoked:
    invoke = client.services.next_invoke()
    request = xdlms.SetRequestNormal(invoke=invoke, attribute=item(target, attribute)[0], data=data)
    return provoke(client.conversation, request.to_bytes(), invoke)


def _act(client: Client, target: CosemObject, method: int) -> Provoked:
    invoke = client.services.next_invoke()
    descriptor = xdlms.MethodDescriptor(target.class_id, cosem.obis(target.obis), method)
    request = xdlms.ActionRequestNormal(invoke=invoke, method=descriptor, parameter=_ZERO)
    return provoke(client.conversation, request.to_bytes(), invoke)
