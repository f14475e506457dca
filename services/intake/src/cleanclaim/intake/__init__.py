"""Who came, what was done, what is covered."""
