"""Invented people: names, birth dates, addresses and identifiers that belong to nobody."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

LAST_NAMES = (
    "Abara", "Bellweather", "Castellane", "Dravik", "Ellsworthy", "Fennimore", "Garrowby",
    "Hollinsted", "Ivarsen", "Jessamine", "Kestrelle", "Lindqvarn", "Marchetta", "Norrwood",
    "Okonjara", "Pellerine", "Quillfeather", "Rostova", "Sandoval", "Thackeray", "Underhill",
    "Vasquero", "Winterbourne", "Yarrowgate", "Zelenko",
)  # fmt: skip
FIRST_NAMES = (
    "Ada", "Bruno", "Clara", "Dmitri", "Elena", "Felix", "Greta", "Hugo", "Imani", "Jonas",
    "Keiko", "Luis", "Marta", "Nadia", "Oskar", "Priya", "Quentin", "Rosa", "Stefan", "Tamsin",
    "Ulrich", "Vera", "Wendell", "Xenia", "Yusuf", "Zora",
)  # fmt: skip
STREETS = (
    "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Foxglove", "Gorse", "Hazel", "Ivy", "Juniper",
)  # fmt: skip
PLACES = (
    ("Springfield", "IL", "62701"),
    ("Dayton", "OH", "45402"),
    ("Madison", "WI", "53703"),
    ("Lincoln", "NE", "68508"),
    ("Topeka", "KS", "66603"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An invented person as the intake API takes one."""

    last_name: str
    first_name: str
    birth_on: date
    sex: str
    address: dict[str, Any]

    def as_body(self) -> dict[str, Any]:
        """The person's fields of a request body."""
        return {
            "last_name": self.last_name,
            "first_name": self.first_name,
            "middle_name": None,
            "birth_on": self.birth_on.isoformat(),
            "sex": self.sex,
            "address": self.address,
        }


def a_person(chance: random.Random) -> Person:
    """An invented person; equal for equal states of `chance`."""
    city, state, postal_code = chance.choice(PLACES)
    return Person(
        last_name=chance.choice(LAST_NAMES),
        first_name=chance.choice(FIRST_NAMES),
        birth_on=date(1938, 1, 1) + timedelta(days=chance.randrange(26_000)),
        sex=chance.choice("FM"),
        address={
            "line1": f"{chance.randrange(1, 999)} {chance.choice(STREETS)} Street",
            "line2": None,
            "city": city,
            "state": state,
            "zip": postal_code,
        },
    )


def a_member_id(chance: random.Random) -> str:
    return "W" + "".join(chance.choice("0123456789") for _ in range(9))


def a_beneficiary_id(chance: random.Random) -> str:
    """A Medicare number of the form CMS sets aside for synthetic data (S in second place)."""
    letters, digits = "ACDEFGHJKMNPQRTUVWXY", "0123456789"
    pattern = "CSNN-ANN-AANN"  # position 2 is the S of synthetic numbers
    made = {"C": "123456789", "A": letters, "N": digits}
    return "".join("S" if one == "S" else chance.choice(made[one]) for one in pattern if one != "-")


def an_npi(chance: random.Random) -> str:
    """A number with a right check digit (Luhn over 80840 and the first nine digits)."""
    nine = "1" + "".join(chance.choice("0123456789") for _ in range(8))
    return nine + check_digit(nine)


def check_digit(nine: str) -> str:
    """The tenth digit of an NPI."""
    total = 0
    for place, digit in enumerate(reversed("80840" + nine)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
