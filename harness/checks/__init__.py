"""Pure judgements: (observed, declared) in, a finding or nothing out."""
