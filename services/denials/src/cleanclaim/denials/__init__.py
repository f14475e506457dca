"""Why it was refused, and what we do about it."""
