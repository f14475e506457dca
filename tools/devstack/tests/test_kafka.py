"""The broker's own settings and ids."""

from uuid import UUID

from cleanclaim.devstack.kafka import cluster_id


def test_a_cluster_id_never_reads_as_an_option():
    # 0xf8 at the front is written '-', which the storage tool takes for an option
    drawn = iter([UUID(int=0xF8 << 120), UUID(int=1)])

    assert cluster_id(lambda: next(drawn)) == "AAAAAAAAAAAAAAAAAAAAAQ"
    assert not cluster_id().startswith("-")
