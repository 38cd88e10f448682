# SPDX-License-Identifier: GPL-2.0-only
# (this file builds on scapy, which is GPL-2.0-only)
"""Every layer by its name: ``from harness.wire.layers import *`` before a command that rebuilds a frame."""

from scapy.packet import Packet, Raw

from harness.wire.apdu_layers import Acse, AcseElement, Ciphered, Gateway, GeneralCiphered, OtherApdu
from harness.wire.frame_layers import DlmsWrapper, HdlcFrame, HdlcParameters, Llc
from harness.wire.service_layers import (
    ActionRequest,
    ActionResponse,
    ConfirmedServiceError,
    DataNotification,
    ExceptionResponse,
    GeneralBlockTransfer,
    GetRequest,
    GetResponse,
    SetRequest,
    SetResponse,
)

__all__ = [
    "Acse",
    "AcseElement",
    "ActionRequest",
    "ActionResponse",
    "Ciphered",
    "ConfirmedServiceError",
    "DataNotification",
    "DlmsWrapper",
    "ExceptionResponse",
    "Gateway",
    "GeneralBlockTransfer",
    "GeneralCiphered",
    "GetRequest",
    "GetResponse",
    "HdlcFrame",
    "HdlcParameters",
    "Llc",
    "OtherApdu",
    "Packet",
    "Raw",
    "SetRequest",
    "SetResponse",
]
