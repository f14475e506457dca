"""Every test reads the shipped tables afresh where another test hid them."""

import pytest

from cleanclaim.codes import hcpcs, icd10cm, modifiers, places, taxonomy


@pytest.fixture
def monkeypatch(monkeypatch):
    """Tables that were hidden for one test are forgotten before the next."""
    yield monkeypatch
    monkeypatch.undo()
    for read in (
        hcpcs.hcpcs,
        icd10cm.table,
        modifiers.modifiers,
        places.places,
        taxonomy.taxonomy,
    ):
        read.cache_clear()
