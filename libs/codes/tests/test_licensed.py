"""A site's own list is taken whole or refused with every reason, and answers by date."""

from datetime import date

import pytest

from cleanclaim.codes.answers import Standing
from cleanclaim.codes.licensed import CodeFileRefused, load_code_file

from .builders import a_code_file, a_release_of

LIST = a_code_file(
    "A0001,2024-01-01,,Y,Invented service",
    "A0002,2024-01-01,2024-12-31,Y,Invented item",
    "A0002,2025-07-01,,Y,Invented item again",
    "A00,2024-01-01,,N,Invented header",
)


@pytest.mark.parametrize(
    ("code", "on", "standing"),
    [
        ("A0001", date(2024, 1, 1), Standing.VALID),
        ("A0001", date(2023, 12, 31), Standing.UNKNOWN_RELEASE),
        ("A0001", date(2027, 1, 1), Standing.UNKNOWN_RELEASE),
        ("A0002", date(2024, 12, 31), Standing.VALID),
        ("A0002", date(2025, 1, 1), Standing.NOT_VALID_ON_DATE),
        ("A0002", date(2025, 7, 1), Standing.VALID),
        ("A00", date(2025, 7, 1), Standing.NOT_BILLABLE),
        ("A0003", date(2025, 7, 1), Standing.UNKNOWN_CODE),
    ],
)
def test_a_loaded_list_answers_by_service_date(code, on, standing):
    answer = a_release_of(LIST).lookup(code, on)
    assert answer.status is standing
    assert answer.release.label == "invented list 2024"


def test_the_release_is_known_by_the_files_digest():
    assert a_release_of(LIST).release.digest != a_release_of(LIST + b"\r\n").release.digest


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "column code is missing"),
        (b"code,valid_from\r\n", "holds no code"),
        (b"code\r\nA0001\r\n", "column valid_from is missing"),
        (b"code,valid_from,price\r\nA0001,2024-01-01,5\r\n", "Line 1: use each"),
        (b"code,valid_from,code\r\nA0001,2024-01-01,A\r\n", "Line 1: use each"),
        (b"\xff\xfe", "UTF-8"),
        (a_code_file("a0001,2024-01-01,,Y,"), "Line 2: column code"),
        (a_code_file(",2024-01-01,,Y,"), "Line 2: column code"),
        (a_code_file("A0001,01/01/2024,,Y,"), "Line 2: column valid_from"),
        (a_code_file("A0001,2024-01-01,2023-01-01,Y,"), "Line 2: column valid_to"),
        (a_code_file("A0001,2024-01-01,,yes,"), "Line 2: column billable"),
        (a_code_file("A0001,2024-01-01,,Y,One, two"), "Line 2: the number of columns"),
        (a_code_file("A0001,2024-01-01"), "Line 2: the number of columns"),
        (a_code_file('A0001,2024-01-01,,Y,"open'), "not CSV"),
        (a_code_file("A0001,2024-01-01,,Y,", "A0001,2024-06-01,,Y,"), "A0001 has two rows"),
    ],
)
def test_a_wrong_file_is_refused_and_says_where(content, said):
    with pytest.raises(CodeFileRefused) as refusal:
        a_release_of(content)
    assert any(said in finding for finding in refusal.value.findings)


def test_all_wrong_lines_are_named_up_to_fifty():
    rows = [f"bad{number},2024-01-01,,Y," for number in range(60)]
    with pytest.raises(CodeFileRefused) as refusal:
        a_release_of(a_code_file(*rows))
    assert len(refusal.value.findings) == 50
    assert refusal.value.findings[1].startswith("Line 3:")


def test_a_byte_order_mark_from_a_spreadsheet_does_no_harm():
    assert a_release_of(b"\xef\xbb\xbf" + LIST).rows.keys() == a_release_of(LIST).rows.keys()


def test_a_new_file_that_changes_too_much_is_not_plausible():
    hundred = [f"B{number:04d},2024-01-01,,Y,Invented" for number in range(100)]
    before = a_release_of(a_code_file(*hundred))
    fewer = a_release_of(a_code_file(*hundred[:80])).compared_with(before)
    assert (fewer.removed, fewer.added, fewer.changed, fewer.plausible) == (20, 0, 0, True)
    cut = a_release_of(a_code_file(*hundred[:79])).compared_with(before)
    assert not cut.plausible
    reworded = [row.replace("Invented", "Reworded") for row in hundred[:21]] + hundred[21:]
    assert a_release_of(a_code_file(*reworded)).compared_with(before).changed == 21


def test_the_first_file_of_a_set_has_nothing_to_be_compared_with():
    first = a_release_of(LIST)
    empty = type(first)(first.release, [])
    assert first.compared_with(empty).plausible


def test_a_row_keeps_its_text_on_the_answer():
    answer = load_code_file(
        LIST,
        system="HCPCS",
        label="HCPCS 2024",
        effective_from=date(2024, 1, 1),
        effective_to=None,
    ).lookup("A0001", date(2030, 1, 1))
    assert (answer.status, answer.short) == (Standing.VALID, "Invented service")
