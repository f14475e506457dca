"""One module for each set: typed objects to segments, in the order of the guide."""
