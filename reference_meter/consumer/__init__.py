"""The consumer port: telegrams that the meter sends by itself, and nothing that it hears."""
