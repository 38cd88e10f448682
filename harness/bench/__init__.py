"""What surrounds the device: time, load, power and hands."""
