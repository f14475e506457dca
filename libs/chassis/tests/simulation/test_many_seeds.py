"""What is told of many seeds: how far, what failed, how to go on, and what never happened."""

from collections import Counter

import pytest

from .__main__ import Progress, Tally, failure, verdict
from .lives import ENOUGH_FOR_EACH_KIND, Life
from .swarm import each_kind

EACH = Counter(each_kind())


def test_it_goes_on_from_the_first_seed_that_was_not_lived() -> None:
    tally = Tally(range(100, 110), started_at=0.0)
    for seed in (100, 101, 103):
        tally.note(Life(seed, "", EACH))

    assert tally.goes_on_from == 102
    assert "3 of 10 seeds, 0 failed, 1.5 a second" in tally.line(2.0)
    assert "FROM=102" in tally.line(2.0)


def test_a_failure_names_seed_commit_and_the_command_that_lives_it_again() -> None:
    life = Life(17, "", EACH, trouble="Breach: I6", report="Traceback: all of it")

    assert failure(life, in_full=False).startswith("FAILED seed=17 commit=")
    assert "again: make simulate SEED=17\n  Breach: I6" in failure(life, in_full=False)
    assert "all of it" in failure(life, in_full=True)


@pytest.mark.parametrize(
    ("happened", "trouble", "said"),
    [
        (EACH, "Breach: I6", "FAILED seeds: 30"),
        (Counter(each_kind()[1:]), None, f"FAILED: never happened: {each_kind()[0]}"),
    ],
    ids=["a seed that failed", "a kind of fault that never happened"],
)
def test_what_is_wrong_fails_the_run(
    happened: Counter[str], trouble: str | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    seeds = range(1, ENOUGH_FOR_EACH_KIND + 1)
    tally = Tally(seeds, started_at=0.0)
    for seed in seeds:
        tally.note(Life(seed, "", happened, trouble if seed == 30 else None))

    assert verdict(tally, Progress()) == 1
    assert said in capsys.readouterr().out


def test_a_run_in_which_all_happened_and_all_held_passes() -> None:
    seeds = range(1, ENOUGH_FOR_EACH_KIND + 1)
    tally = Tally(seeds, started_at=0.0)
    for seed in seeds:
        tally.note(Life(seed, "", EACH))

    assert verdict(tally, Progress()) == 0
