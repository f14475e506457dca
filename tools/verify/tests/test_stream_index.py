"""The index of the stream: order within a key, what is absent, and topics that were cut."""

from contextlib import closing
from uuid import UUID

import pytest

from cleanclaim.verify.stream_index import Record, StreamIndex


@pytest.fixture
def index():
    with closing(StreamIndex()) as made:
        yield made


def _record(position, number, *, key="k", partition=0, event=None):
    return Record(
        topic="t",
        partition=partition,
        position=position,
        key=key,
        event_id=UUID(int=event or number),
        event_type="x",
        sequence=number,
        early=True,
    )


def test_events_told_again_do_not_turn_an_order_round(index):
    index.add([_record(0, 1), _record(1, 2), _record(2, 1), _record(3, 2), _record(4, 3)])

    assert index.disorder([]) is None
    assert index.count() == 5


@pytest.mark.parametrize(
    "records",
    [
        [_record(0, 2), _record(1, 1)],
        [_record(0, 1), _record(1, 3)],
        [_record(0, 2)],
        [_record(0, 1), _record(1, 2, partition=1)],
    ],
    ids=["turned round", "one missing", "the first missing", "another partition"],
)
def test_a_key_out_of_order_is_named(index, records):
    index.add(records)

    assert index.disorder([])[:2] == ("t", "k")
    assert index.disorder([one.event_id for one in records]) is None


def test_a_cut_topic_may_lack_numbers_and_not_turn_them_round(index):
    index.cut("t")
    index.add([_record(5, 7), _record(6, 9)])
    assert index.disorder([]) is None

    index.add([_record(7, 8)])
    assert index.disorder([]) == ("t", "k", 8, 9)


def test_what_no_topic_holds_is_absent(index):
    index.add([_record(0, 1)])

    assert index.absent([UUID(int=1), UUID(int=2)]) == [UUID(int=2)]
    assert index.places([UUID(int=1)]) == {UUID(int=1): [("t", 0, 0)]}
