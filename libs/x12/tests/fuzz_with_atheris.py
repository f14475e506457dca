"""The process in which libFuzzer follows the branches of the codec; `fuzz.py` starts it."""

import random
import sys

import atheris

with atheris.instrument_imports(include=["cleanclaim.x12"]):
    from fuzzing import SEEDS, judge, mutated


def mutate(payload, size, seed):
    return mutated(payload or SEEDS[0], random.Random(seed))[:size]


def tried(payload):
    judge(payload)


atheris.Setup(sys.argv, tried, custom_mutator=mutate)
atheris.Fuzz()
