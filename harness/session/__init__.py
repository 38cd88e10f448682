"""The session stack: link, route, protection and xDLMS, each layer replaceable."""

from harness.protocol.answer_name import answer_name, result_name
from harness.session.association import Association, AssociationRequest, aarq, associate
from harness.session.conversation import Conversation, LinkEnded, Received
from harness.session.link import HdlcLink, Link, WrapperLink
from harness.session.protection import NoProtection, Protection
from harness.session.route import DirectRoute, Route
from harness.session.services import ActionResult, GetResult, Services, SetResult
from harness.session.timing import DoorTiming

__all__ = [
    "ActionResult",
    "Association",
    "AssociationRequest",
    "Conversation",
    "DirectRoute",
    "DoorTiming",
    "GetResult",
    "HdlcLink",
    "Link",
    "LinkEnded",
    "NoProtection",
    "Protection",
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
