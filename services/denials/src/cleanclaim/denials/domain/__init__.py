"""The rules of refusals: pure, one noun for each file."""
