"""The meter's switch for the supply, and what makes it act: limiter, register monitor, scripts, schedules, buttons."""
