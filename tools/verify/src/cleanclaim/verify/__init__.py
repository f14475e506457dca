"""Judges a running system by its invariants: it reads everything and writes nothing."""
