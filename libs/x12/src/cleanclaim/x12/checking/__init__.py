"""SNIP 4 and 5: what the guides ask in a situation, and codes of lists that others keep."""
