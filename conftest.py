"""Lists the step modules; everything else comes from the plugin that the command brings."""

pytest_plugins = [
    "steps.association",
    "steps.energy",
    "steps.head_end_desk",
    "steps.on_demand",
    "steps.profiles",
    "steps.reading",
    "steps.schedule",
    "steps.wording",
]
