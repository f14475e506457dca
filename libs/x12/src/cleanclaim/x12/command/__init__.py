"""The command `cleanclaim-x12`: what people do with X12 files at a prompt."""
