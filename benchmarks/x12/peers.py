"""One job of one Python peer on one file; run with the interpreter of the peer's environment."""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Callable


def pyx12_check(path: str) -> str:
    logging.disable(logging.CRITICAL)
    params = importlib.import_module("pyx12.params")
    documents = importlib.import_module("pyx12.x12n_document")
    return f"valid={documents.x12n_document(params.ParamsBase(), path, None, None)}"


def _models(package: str, path: str) -> str:
    reader = importlib.import_module(f"{package}.io").X12ModelReader
    sets = claims = 0
    with reader(path) as models:
        for model in models.models():
            sets += 1
            claims += sum(1 for _ in model.claims()) if hasattr(model, "claims") else 0
    return f"sets={sets} claims={claims}"


def x12sdk_models(path: str) -> str:
    return _models("x12sdk", path)


def lfh_models(path: str) -> str:
    return _models("linuxforhealth.x12", path)


def oxedi_rows(path: str) -> str:
    """Every table of the file as rows of Python dicts."""
    read = importlib.import_module("oxedi").parse_file(path)
    table = importlib.import_module("pyarrow").table
    rows = sum(len(table(read.tables[name]).to_pylist()) for name in read.tables)
    return f"claims={read.count_claims()} rows={rows}"


JOBS: dict[str, Callable[[str], str]] = {
    "pyx12": pyx12_check,
    "x12sdk": x12sdk_models,
    "linuxforhealth": lfh_models,
    "oxedi": oxedi_rows,
}

if __name__ == "__main__":
    print(JOBS[sys.argv[1]](sys.argv[2]))
