"""Diagnosis codes change on release days; the table says valid only when it knows."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim.codes import icd10cm, shipped
from cleanclaim.codes.answers import Standing
from cleanclaim.codes.shipped import TableUnreadable

VALID, HEADER = Standing.VALID, Standing.NOT_BILLABLE
UNKNOWN, OFF = Standing.UNKNOWN_CODE, Standing.NOT_VALID_ON_DATE
NO_RELEASE = Standing.UNKNOWN_RELEASE


@pytest.mark.parametrize(
    ("code", "on", "standing"),
    [
        ("E119", date(2015, 10, 1), VALID),
        ("E11.9", date(2026, 11, 24), VALID),
        # Headers are real and not billable.
        ("E11", date(2026, 11, 24), HEADER),
        ("S72001", date(2026, 11, 24), HEADER),
        ("S72001A", date(2026, 11, 24), VALID),
        # Multiple sclerosis was split on 2025-10-01.
        ("G35", date(2025, 9, 30), VALID),
        ("G35", date(2025, 10, 1), HEADER),
        ("G35A", date(2025, 9, 30), OFF),
        ("G35A", date(2025, 10, 1), VALID),
        # Low back pain was split on 2021-10-01.
        ("M54.5", date(2021, 9, 30), VALID),
        ("M54.5", date(2021, 10, 1), HEADER),
        ("M54.50", date(2021, 9, 30), OFF),
        ("M54.50", date(2021, 10, 1), VALID),
        # Classes of obesity came on 2024-10-01.
        ("E66.811", date(2024, 9, 30), OFF),
        ("E66.811", date(2024, 10, 1), VALID),
        # The pandemic's codes came between the half-years.
        ("U07.1", date(2020, 3, 31), OFF),
        ("U07.1", date(2020, 4, 1), VALID),
        ("Z20.822", date(2020, 12, 31), OFF),
        ("Z20.822", date(2021, 1, 1), VALID),
        # Fiscal year 2027, and a code whose second character is a letter.
        ("D69.11", date(2026, 9, 30), OFF),
        ("D69.11", date(2026, 10, 1), VALID),
        ("QA0.8", date(2025, 10, 1), VALID),
        # What is no code, or not written as one.
        ("Z999", date(2026, 1, 1), UNKNOWN),
        ("E1199", date(2026, 1, 1), UNKNOWN),
        ("e119", date(2026, 1, 1), UNKNOWN),
        ("e11,9", date(2026, 1, 1), UNKNOWN),
        ("E1.19", date(2026, 1, 1), UNKNOWN),
        ("E11.", date(2026, 1, 1), UNKNOWN),
        ("E", date(2026, 1, 1), UNKNOWN),
        ("", date(2026, 1, 1), UNKNOWN),
        ("A00-A09", date(2026, 1, 1), UNKNOWN),
        # Blocks that carry the name of a code, and blocks that are none.
        ("B20", date(2026, 1, 1), VALID),
        ("Z66", date(2026, 1, 1), VALID),
        # Outside what the table covers nothing is valid.
        ("E119", date(2015, 9, 30), NO_RELEASE),
        ("E119", date(2027, 3, 31), VALID),
        ("E119", date(2027, 4, 1), NO_RELEASE),
        ("nonsense", date(2027, 4, 1), NO_RELEASE),
    ],
)
def test_a_code_stands_as_its_release_says(code, on, standing):
    answer = icd10cm.lookup(code, on)
    assert answer.status is standing
    assert answer.valid is (standing is VALID)
    assert (answer.reason == "") is answer.valid


@pytest.mark.parametrize(
    ("on", "count"),
    [
        # CMS's published number of billable codes of each fiscal year.
        (date(2015, 10, 1), 69_823),
        (date(2016, 10, 1), 71_486),
        (date(2017, 10, 1), 71_704),
        (date(2018, 10, 1), 71_932),
        (date(2019, 10, 1), 72_184),
        (date(2020, 10, 1), 72_616),
        (date(2021, 10, 1), 72_748),
        (date(2022, 10, 1), 73_639),
        (date(2023, 10, 1), 74_044),
        (date(2024, 10, 1), 74_260),
        (date(2025, 10, 1), 74_719),
    ],
)
def test_each_year_holds_as_many_codes_as_cms_published(on, count):
    table = icd10cm.table()
    held = {number for number, spans in enumerate(table._patterns) if _covers(spans, on)}
    assert sum(table._number(place) in held for place in table._places) == count


def _covers(spans, on):
    return any(first <= on <= last for first, last in spans)


@pytest.mark.parametrize(
    ("on", "label", "first", "last"),
    [
        (date(2025, 9, 30), "ICD-10-CM 2025-04", date(2025, 4, 1), date(2025, 9, 30)),
        (date(2025, 10, 1), "ICD-10-CM 2025-10", date(2025, 10, 1), date(2026, 3, 31)),
        (date(2021, 2, 1), "ICD-10-CM 2021-01", date(2021, 1, 1), date(2021, 9, 30)),
        (date(2026, 11, 24), "ICD-10-CM 2026-10", date(2026, 10, 1), date(2027, 3, 31)),
    ],
)
def test_an_answer_names_the_release_it_comes_from(on, label, first, last):
    release = icd10cm.lookup("E119", on).release
    assert (release.label, release.effective_from, release.effective_to) == (label, first, last)
    assert len(release.digest) == 64


def test_no_release_is_named_where_none_covers_the_day():
    answer = icd10cm.lookup("E119", date(2027, 4, 1))
    assert answer.release is None
    assert "2027-03-31" in answer.reason


def test_a_header_lists_what_to_report_instead():
    table = icd10cm.table()
    assert list(table.billable_under("M54.5", date(2026, 1, 1))) == ["M5450", "M5451", "M5459"]
    assert list(table.billable_under("M54.5", date(2021, 9, 30))) == []
    assert list(table.billable_under("nonsense", date(2026, 1, 1))) == []


def test_spans_say_when_a_code_was_billable():
    spans = icd10cm.table().spans
    assert spans("G35") == ((date(2015, 10, 1), date(2025, 9, 30)),)
    assert spans("E11") == ()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("E119", {}),
        ("W61.62XA", {"external_cause": True}),
        ("F02.80", {"manifestation": True}),
        ("Z66", {"unacceptable_principal": True}),
        ("O80", {"sex": "F", "ages": (9, 64)}),
        ("C61", {"sex": "M"}),
        ("Z38.00", {"ages": (0, 0)}),
        ("N40.0", {"sex": "M", "ages": (15, 124)}),
        ("Z00.129", {"unacceptable_principal": True, "ages": (0, 17)}),
    ],
)
def test_the_code_editors_view_is_kept(code, expected):
    traits = icd10cm.table().traits(code)
    found = {name: getattr(traits, name) for name in traits.__struct_fields__}
    assert {name: value for name, value in found.items() if value} == expected


def test_headers_and_strangers_have_no_traits():
    assert icd10cm.table().traits("E11") is None
    assert icd10cm.table().traits("Z999") is None


@pytest.mark.parametrize(
    ("given", "shown"),
    [("E119", "E11.9"), ("E11.9", "E11.9"), ("I10", "I10"), ("S72001A", "S72.001A"), ("?", "?")],
)
def test_people_read_codes_with_a_dot(given, shown):
    assert icd10cm.with_point(given) == shown


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("E11.9", "Type 2 diabetes mellitus without complications"),
        ("I10", "Essential (primary) hypertension"),
        ("M54.5", "Low back pain"),
        ("E11", None),
        ("Z999", None),
        ("", None),
    ],
)
def test_a_code_has_its_official_text(code, text):
    assert icd10cm.text_of(code) == text


def test_a_missing_table_is_not_checked_and_never_valid(monkeypatch, tmp_path):
    monkeypatch.setattr(shipped, "files", lambda _package: tmp_path)
    icd10cm.table.cache_clear()
    answer = icd10cm.lookup("E119", date(2026, 1, 1))
    assert (answer.status, answer.valid) == (Standing.NOT_CHECKED, False)
    assert "icd10cm.xz" in answer.reason


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-1],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: content[:0],
        lambda content: b"{}\n" + content.partition(b"\n")[2],
    ],
)
def test_a_damaged_table_is_refused_as_a_whole(spoil):
    content, digest = shipped.unpack("icd10cm.xz")
    with pytest.raises(TableUnreadable):
        icd10cm.Icd10Table(spoil(content), digest)


@pytest.fixture(scope="module")
def billable_in_2026():
    """Every code billable on 2026-01-01, read from first record to last without any search."""
    table, on = icd10cm.table(), date(2026, 1, 1)
    return {table._code(place) for place in table._places if table._billable(place, on)}


@given(st.text("AEIMSTZ0123459X", min_size=1, max_size=7))
def test_searching_and_reading_through_agree_on_any_text(billable_in_2026, text):
    answer = icd10cm.lookup(text, date(2026, 1, 1))
    assert answer.valid is (text in billable_in_2026)
    longer = any(code.startswith(text) and code != text for code in billable_in_2026)
    header = longer and len(text) >= 3 and not answer.valid
    assert (answer.status is HEADER) is header


def test_every_billable_code_is_found_with_its_dot(billable_in_2026):
    on = date(2026, 1, 1)
    lost = [c for c in billable_in_2026 if not icd10cm.lookup(icd10cm.with_point(c), on).valid]
    assert lost == []
    assert len(billable_in_2026) == 74_719
