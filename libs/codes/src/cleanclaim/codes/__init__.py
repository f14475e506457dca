"""Dated code sets and denial, status and provider-adjustment tables, in our own words."""
