"""Invented people and encounters, driven through the doors; the demo."""
