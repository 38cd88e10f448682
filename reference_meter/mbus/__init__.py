"""The meter and one gas meter as slaves on an M-Bus."""
