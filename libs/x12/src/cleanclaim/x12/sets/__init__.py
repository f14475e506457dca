"""One module for each transaction set: what is read from its loops into the typed objects."""
