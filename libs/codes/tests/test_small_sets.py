"""Places, modifiers, HCPCS, taxonomy, shapes and states: confirmed, refused or honestly unchecked."""

from datetime import date

import pytest

from cleanclaim.codes import hcpcs, modifiers, places, shipped, taxonomy
from cleanclaim.codes.answers import Standing
from cleanclaim.codes.frequency import ClaimFrequency
from cleanclaim.codes.procedure import ProcedureShape, shape_of
from cleanclaim.codes.states import STATES, StateKind, is_state
from cleanclaim.codes.vocabulary import AdjustmentGroup

VALID, UNKNOWN = Standing.VALID, Standing.UNKNOWN_CODE
OFF, UNCHECKED = Standing.NOT_VALID_ON_DATE, Standing.NOT_CHECKED
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("table", "code", "on", "standing"),
    [
        (places, "11", TODAY, VALID),
        (places, "10", date(2021, 12, 31), OFF),
        (places, "10", date(2022, 1, 1), VALID),
        (places, "27", TODAY, VALID),
        (places, "28", TODAY, UNKNOWN),
        (places, "1", TODAY, UNKNOWN),
        (modifiers, "25", TODAY, VALID),
        (modifiers, "JZ", date(2022, 12, 31), OFF),
        (modifiers, "ZZ", TODAY, UNCHECKED),
        (modifiers, "2", TODAY, UNKNOWN),
        (modifiers, "gt", TODAY, UNKNOWN),
        (hcpcs, "G0439", TODAY, VALID),
        (hcpcs, "G2211", date(2023, 12, 31), OFF),
        (hcpcs, "G2211", date(2024, 1, 1), VALID),
        (hcpcs, "J1030", date(2024, 3, 31), VALID),
        (hcpcs, "J1030", date(2024, 4, 1), OFF),
        (hcpcs, "J1010", date(2024, 4, 1), VALID),
        (hcpcs, "A9999", TODAY, UNCHECKED),
        (hcpcs, "99213", TODAY, UNKNOWN),
        (hcpcs, "G0439", date(2027, 1, 1), Standing.UNKNOWN_RELEASE),
        (hcpcs, "G0439", date(2019, 12, 31), Standing.UNKNOWN_RELEASE),
        (taxonomy, "207Q00000X", TODAY, VALID),
        (taxonomy, "207Q0000X", TODAY, UNKNOWN),
        (taxonomy, "207QA0000X", TODAY, UNCHECKED),
    ],
)
def test_a_small_set_confirms_refuses_or_says_it_did_not_check(table, code, on, standing):
    answer = table.lookup(code, on)
    assert answer.status is standing
    assert len(answer.release.digest) == 64
    assert (answer.reason == "") is answer.valid


@pytest.mark.parametrize(
    ("table", "read"),
    [
        (places, places.places),
        (modifiers, modifiers.modifiers),
        (hcpcs, hcpcs.hcpcs),
        (taxonomy, taxonomy.taxonomy),
    ],
)
@pytest.mark.parametrize("content", [None, b"", b'{"release": {}}', b"\xff"])
def test_a_missing_or_damaged_table_is_not_checked(table, read, content, monkeypatch, tmp_path):
    if content is not None:
        (tmp_path / "data").mkdir()
        for name in ("places_of_service", "modifiers", "hcpcs_demo", "taxonomy_demo"):
            (tmp_path / "data" / f"{name}.json").write_bytes(content)
    monkeypatch.setattr(shipped, "files", lambda _package: tmp_path)
    read.cache_clear()
    answer = table.lookup("11", TODAY)
    assert (answer.status, answer.valid) == (UNCHECKED, False)
    assert answer.reason


def test_all_assigned_places_are_there():
    assert len(places.places().places) == 52
    assert places.places().place("22").facility
    assert not places.places().place("11").facility
    assert places.places().place("02").telehealth


@pytest.mark.parametrize(
    ("codes", "clashes"),
    [
        (["25"], []),
        (["26", "TC"], [("26", "TC")]),
        (["TC", "26"], [("TC", "26")]),
        (["50", "LT"], [("50", "LT")]),
        (["LT", "RT"], []),
        (["GA", "GZ"], [("GA", "GZ")]),
        (["GX", "GY"], []),
        (["59", "XS"], [("59", "XS")]),
        (["25", "25"], [("25", "25")]),
        (["ZZ", "ZY"], []),
    ],
)
def test_some_modifiers_never_stand_together(codes, clashes):
    assert list(modifiers.modifiers().clashes(codes)) == clashes


def test_never_with_is_mutual_and_names_known_modifiers():
    table = modifiers.modifiers().modifiers
    for entry in table.values():
        for other in entry.never_with:
            assert entry.code in table[other].never_with


@pytest.mark.parametrize(
    ("code", "passes"), [("25", True), ("59", True), ("XU", True), ("76", False), ("GT", False)]
)
def test_only_named_modifiers_pass_a_code_pair_edit(code, passes):
    assert modifiers.modifiers().modifier(code).passes_code_pair_edit is passes


def test_a_drug_without_a_code_of_its_own_needs_a_description():
    assert hcpcs.hcpcs().code("J3490").needs_description
    assert not hcpcs.hcpcs().code("J1100").needs_description


@pytest.mark.parametrize(
    ("code", "shape"),
    [
        ("99213", ProcedureShape.CPT_CATEGORY_1),
        ("0001F", ProcedureShape.CPT_CATEGORY_2),
        ("0001T", ProcedureShape.CPT_CATEGORY_3),
        ("0001U", ProcedureShape.CPT_LABORATORY),
        ("0001M", ProcedureShape.CPT_MULTIANALYTE),
        ("0001A", ProcedureShape.CPT_ADMINISTRATION),
        ("J1100", ProcedureShape.HCPCS_LEVEL_2),
        ("V2020", ProcedureShape.HCPCS_LEVEL_2),
        ("D0120", ProcedureShape.DENTAL),
        ("9921", ProcedureShape.UNREADABLE),
        ("992133", ProcedureShape.UNREADABLE),
        ("j1100", ProcedureShape.UNREADABLE),
        ("I1100", ProcedureShape.UNREADABLE),
        ("A1", ProcedureShape.UNREADABLE),
        ("", ProcedureShape.UNREADABLE),
        ("٩٩٢١٣", ProcedureShape.UNREADABLE),
    ],
)
def test_a_procedure_codes_shape_tells_its_system(code, shape):
    assert shape_of(code) is shape
    assert shape_of(code).is_cpt is shape.name.startswith("CPT")


@pytest.mark.parametrize(
    ("code", "names_earlier", "professional"),
    [("1", False, True), ("7", True, True), ("8", True, True), ("3", False, False)],
)
def test_replacement_and_void_name_an_earlier_claim(code, names_earlier, professional):
    frequency = ClaimFrequency(code)
    assert frequency.names_an_earlier_claim is names_earlier
    assert frequency.professional is professional


def test_states_are_what_mail_goes_by():
    assert sum(kind is StateKind.STATE for kind in STATES.values()) == 51
    assert is_state("MA")
    assert is_state("PR")
    assert is_state("AE")
    assert not is_state("ma")
    assert not is_state("ZZ")


@pytest.mark.parametrize(
    ("group", "may_bill", "may_write"),
    [("PR", True, True), ("CO", False, True), ("OA", False, True), ("CR", False, False)],
)
def test_a_group_says_who_may_be_asked(group, may_bill, may_write):
    found = AdjustmentGroup(group)
    assert (found.may_bill_patient, found.may_be_written) == (may_bill, may_write)
