"""What a head end must never send, and what comes back."""
