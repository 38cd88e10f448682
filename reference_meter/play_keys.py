"""Keys of a meter to play with; everybody may know them."""

from reference_meter.security.store import KeySet, SecuritySettings

__all__ = ["CONSUMER_KEYS", "IMAGE_KEY", "PUSH_KEYS", "TEST_SECURITY"]

TEST_SECURITY = SecuritySettings(
    keys=KeySet(
        unicast=bytes.fromhex("000102030405060708090A0B0C0D0E0F"),
        broadcast=bytes.fromhex("0F0E0D0C0B0A09080706050403020100"),
        authentication=bytes.fromhex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"),
        master=bytes.fromhex("101112131415161718191A1B1C1D1E1F"),
    ),
    system_title=bytes.fromhex("43464D0000000001"),
    client_system_title=bytes.fromhex("4845530000000001"),
)
"""Suite 0; requests and responses are authenticated and encrypted."""

CONSUMER_KEYS = KeySet(
    unicast=bytes.fromhex("202122232425262728292A2B2C2D2E2F"),
    broadcast=bytes.fromhex("303132333435363738393A3B3C3D3E3F"),
    authentication=bytes.fromhex("404142434445464748494A4B4C4D4E4F"),
    master=bytes.fromhex("505152535455565758595A5B5C5D5E5F"),
)
"""Keys of what goes to the consumer; no association uses them."""

PUSH_KEYS = KeySet(
    unicast=bytes.fromhex("707172737475767778797A7B7C7D7E7F"),
    broadcast=bytes.fromhex("808182838485868788898A8B8C8D8E8F"),
    authentication=bytes.fromhex("909192939495969798999A9B9C9D9E9F"),
    master=bytes.fromhex("A0A1A2A3A4A5A6A7A8A9AAABACADAEAF"),
)
"""Keys of what is pushed to the utility; no association uses them."""

IMAGE_KEY = bytes.fromhex("606162636465666768696A6B6C6D6E6F")
"""With it firmware images are signed."""
