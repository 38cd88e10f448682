"""The session stack: link, route, protection and xDLMS, each layer replaceable."""

from harness.protocol.answer_name import answer_name, result_name
from harness.session.association import Association, AssociationRequest, PreEstablished, aarq, associate
from harness.session.conversation import Conversation, Received
from harness.session.credentials import Credentials
from harness.session.hdlc_link import HdlcLink
from harness.session.line import LinkEnded
from harness.session.link import Link
from harness.session.protection import NoProtection, Protection
from harness.session.protection_ciphered import CipheredProtection
from harness.session.protection_general import GeneralKeys, GeneralProtection, KeyChoice
from harness.session.recall import Keep, Recall
from harness.session.route import DirectRoute, GatewayRoute, Route
from harness.session.services import AccessResult, ActionResult, GetResult, Services, SetResult
from harness.session.timing import DoorTiming
from harness.session.wrapper_link import WrapperLink

__all__ = [
    "AccessResult",
    "ActionResult",
    "Association",
    "AssociationRequest",
    "CipheredProtection",
    "Conversation",
    "Credentials",
    "DirectRoute",
    "DoorTiming",
    "GatewayRoute",
    "GeneralKeys",
    "GeneralProtection",
    "GetResult",
    "HdlcLink",
    "Keep",
    "KeyChoice",
    "Link",
    "LinkEnded",
    "NoProtection",
    "PreEstablished",
    "Protection",
    "Recall",
    "Received",
    "Route",
    "Services",
    "SetResult",
    "WrapperLink",
    "aarq",
    "answer_name",
    "associate",
    "result_name",
]
