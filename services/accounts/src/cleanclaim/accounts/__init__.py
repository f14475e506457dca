"""What each account owes, and why: the keeper of the book."""
