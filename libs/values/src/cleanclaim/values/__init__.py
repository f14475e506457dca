"""Cents, NPI, TIN and the five kinds of error: equal everywhere, no life cycle, no I/O."""
