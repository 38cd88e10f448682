"""The load before the meter came to life: a day that repeats, so that profiles hold rows from the start."""

__all__ = ["HISTORY_LOAD"]

HISTORY_LOAD: tuple[tuple[float, float], ...] = (
    *((180.0, 0.0),) * 5,  # night
    *((420.0, 0.0), (950.0, 0.0), (760.0, 0.0)),  # morning
    *((340.0, 0.0), (120.0, 40.0)),
    *((0.0, 600.0), (0.0, 900.0), (0.0, 750.0), (60.0, 220.0)),  # sun on the roof
    *((310.0, 0.0), (380.0, 0.0)),
    *((900.0, 0.0), (1450.0, 0.0), (1980.0, 0.0), (1250.0, 0.0)),  # evening
    *((830.0, 0.0), (610.0, 0.0), (400.0, 0.0), (240.0, 0.0)),
)
"""Import and export in watts for each hour of the day in UTC."""
