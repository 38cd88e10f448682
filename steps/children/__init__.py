"""Meters of other media behind the device: what it shows of them, and what it tells them."""
