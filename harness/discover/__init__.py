"""Discovery: what a device tells of itself, as the draft of its declaration; nothing is changed in the device."""
