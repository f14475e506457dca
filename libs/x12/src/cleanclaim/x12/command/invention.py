"""Invented values for real ones: same length, same kinds of character, not to be traced back.

A key turns each value into one other value, the same wherever it stands; without the key nobody
can turn it back, and no two identifiers become one (an alternating Feistel cipher over the places
of the text, each with its own radix of 10 or 26; after NIST SP 800-38G in idea, not in strength).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b

ROUNDS = 6
OLDEST_YEARS = 89  # 45 CFR 164.514(b)(2)(i)(C): ages over 89 may not be told apart
CONSONANTS = "BDFGKLMNPRSTVZ"
VOWELS = "AEIOU"
DIGITS, UPPER, LOWER = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
ALPHABETS = {mark: alphabet for alphabet in (DIGITS, UPPER, LOWER) for mark in alphabet}

_LETTERS = re.compile(r"[A-Za-z]+")
_NUMBERS = re.compile(r"[0-9]+")
_PROVIDER_NUMBER = re.compile(r"[12][0-9]{9}").fullmatch
_TELEPHONE = re.compile(r"[0-9]{10}").fullmatch
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})").fullmatch


class Inventor:
    """Makes values up under one key; `key` may be any text or bytes, kept or thrown away."""

    def __init__(self, key: bytes) -> None:
        self._key = blake2b(key).digest()
        self.identifier = lru_cache(maxsize=1 << 16)(self._identifier)
        self.words = lru_cache(maxsize=1 << 16)(self._words)

    def _number(self, purpose: str, text: str) -> int:
        digest = blake2b(f"{purpose}\0{text}".encode("latin-1", "replace"), key=self._key)
        return int.from_bytes(digest.digest()[:16])

    def _identifier(self, text: str) -> str:
        """Another identifier: digits for digits, letters for letters, all else in its place.

        A number like a national provider identifier keeps its first digit and the state of its
        check digit (right stays right, wrong stays wrong).
        """
        if _PROVIDER_NUMBER(text):
            body = text[0] + self._scrambled(text[1:9])
            off = (int(text[9]) - check_digit(text[:9])) % 10
            return body + str((check_digit(body) + off) % 10)
        made = self._scrambled(text)
        while _PROVIDER_NUMBER(made):  # walked on, so that no two identifiers meet
            made = self._scrambled(made)
        return made

    def _scrambled(self, text: str) -> str:
        places = [at for at, mark in enumerate(text) if mark in ALPHABETS]
        alphabets = [ALPHABETS[text[at]] for at in places]
        if not places:
            return text
        half = len(places) // 2
        kinds = "".join(alphabet[0] for alphabet in alphabets)
        left, left_size = _ranked([text[at] for at in places[:half]], alphabets[:half])
        right, right_size = _ranked([text[at] for at in places[half:]], alphabets[half:])
        for turn in range(ROUNDS):
            left = (left + self._number(f"{turn}l{kinds}", str(right))) % left_size
            right = (right + self._number(f"{turn}r{kinds}", str(left))) % right_size
        marks = list(text)
        made = _unranked(left, alphabets[:half]) + _unranked(right, alphabets[half:])
        for at, mark in zip(places, made, strict=True):
            marks[at] = mark
        return "".join(marks)

    def _words(self, text: str) -> str:
        """Words that can be spoken and mean nobody; numbers in them become other numbers."""
        spoken = _LETTERS.sub(lambda found: self._word(found[0]), text)
        return _NUMBERS.sub(lambda found: self._scrambled(found[0]), spoken)

    def _word(self, text: str) -> str:
        number = self._number("word", text.upper())
        made = []
        for place in range(len(text)):
            letters = VOWELS if place % 2 else CONSONANTS
            number, chosen = divmod(number or self._number(str(place), text), len(letters))
            made.append(letters[chosen])
        pairs = zip(text, made, strict=True)
        return "".join(new if old.isupper() else new.lower() for old, new in pairs)

    def contact(self, text: str) -> str:
        """A telephone number becomes one of those kept free for fiction (555-0100 to 0199)."""
        if _TELEPHONE(text):
            return f"{self._scrambled(text[:3])}55501{self._scrambled(text[8:])}"
        return self._words(text)

    def birth(self, text: str, year_now: int) -> str:
        """Another day of the same year; who is over 89 becomes 89; what is no day stays none."""
        day = day_of(text)
        if day is None:
            return re.sub(r"[0-9]", "0", re.sub(r"[A-Za-z]", "X", text))
        first = date(max(day.year, year_now - OLDEST_YEARS), 1, 1)
        return (first + timedelta(self._number("birth", text) % 365)).strftime("%Y%m%d")


def day_of(text: str) -> date | None:
    match = _DAY(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def check_digit(nine: str) -> int:
    """The tenth digit of an NPI (45 CFR 162.406: Luhn over 80840 and the nine digits)."""
    total = 24  # what the prefix 80840 adds
    for place, mark in enumerate(reversed(nine)):
        number = int(mark) * (2 if place % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return -total % 10


def hidden(text: str) -> str:
    """The shape of a value and nothing else."""
    return re.sub(r"[^\W_]", "#", text)


def _ranked(marks: list[str], alphabets: list[str]) -> tuple[int, int]:
    rank, size = 0, 1
    for mark, alphabet in zip(marks, alphabets, strict=True):
        rank = rank * len(alphabet) + alphabet.index(mark)
        size *= len(alphabet)
    return rank, size


def _unranked(rank: int, alphabets: list[str]) -> list[str]:
    marks = []
    for alphabet in reversed(alphabets):
        rank, chosen = divmod(rank, len(alphabet))
        marks.append(alphabet[chosen])
    return marks[::-1]
