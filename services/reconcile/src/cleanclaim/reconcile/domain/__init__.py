"""The rules of reconciliation: pure functions over values, one noun a file."""
