"""The nouns and rules of intake: plain values and pure functions, without clock, wire or store."""
