"""The book's nouns and rules: pure, over whole cents, without a clock."""
