"""Dated code sets and the meaning of payers' answers; knows no claim, event or service."""
