"""The rules of claims: pure functions and frozen values, one noun a file."""
