"""The book of data-entry rules, and the examination of an encounter by all of them."""

from cleanclaim.intake.domain.rules.book import RULES, examine
from cleanclaim.intake.domain.rules.rule import TEST, Examination, Rule

__all__ = ["RULES", "TEST", "Examination", "Rule", "examine"]
