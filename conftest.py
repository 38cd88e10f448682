"""Lists the step modules; everything else comes from the plugin that the command brings."""

# A module that another one imports stands before it: pytest rewrites the assertions of what it imports itself.
pytest_plugins = [
    "steps.profiles",
    "steps.demand",
    "steps.reading",
    "steps.association",
    "steps.energy",
    "steps.head_end_desk",
    "steps.on_demand",
    "steps.diagnostics",
    "steps.association_life",
    "steps.authentication",
    "steps.link",
    "steps.schedule",
    "steps.ciphering",
    "steps.ciphering_controls",
    "steps.replays",
    "steps.ciphered_opening",
    "steps.ciphered_counters",
    "steps.ciphered_changes",
    "steps.ciphered_events",
    "steps.keys",
    "steps.access",
    "steps.robustness",
    "steps.metrology",
    "steps.wording",
]
