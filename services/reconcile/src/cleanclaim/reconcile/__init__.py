"""Whether the money came, and whether it was the right money."""
