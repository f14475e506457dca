# ruff: noqa: INP001 - run as a file, by compose-test
"""Put the broker's jars, those that the local stack runs, into a folder: kafka_jars.py FOLDER."""

import os
import shutil
import sys
from pathlib import Path

from cleanclaim.devstack.jars import class_path
from cleanclaim.devstack.places import cache_folder, state_folder

if __name__ == "__main__":
    for jar in class_path(cache_folder(state_folder()), say=print).split(os.pathsep):
        shutil.copy(jar, Path(sys.argv[1]))
