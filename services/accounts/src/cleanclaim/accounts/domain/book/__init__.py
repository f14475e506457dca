"""One fact a file: which accounts it debits and credits. The table of the book, row by row."""
