"""The peers, each in an environment of its own below `benchmarks/.peers`; says what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PEERS = HERE.parent / ".peers"
PYTHON_PEERS = {
    "pyx12": ["pyx12==4.0.0"],
    "x12sdk": ["x12sdk==2.2.0"],
    "linuxforhealth": ["linuxforhealth-x12==0.57.0", "pydantic[dotenv]<2"],
    "oxedi": ["oxedi==0.6.0", "pyarrow"],
}


class Missing(Exception):  # noqa: N818 (named for the trouble)
    """A peer that cannot run on this machine, and why."""


def commands(peer: str, kind: str) -> list[str]:
    """The command of a peer but for the file; installs it where it is not there yet.

    Raises `Missing` with the reason where that does not work.
    """
    if peer == "staedi":
        return _staedi(kind)
    if peer not in PYTHON_PEERS:
        raise Missing(f"there is no peer {peer}: choose of {', '.join(known())}")
    home = PEERS / peer
    python = home / "bin/python"
    if not (home / ".complete").exists():
        print(f"installing {' '.join(PYTHON_PEERS[peer])} ...", flush=True)
        _run([_uv(), "venv", "--quiet", "--clear", "--python", sys.executable, str(home)])
        _run([_uv(), "pip", "install", "--quiet", "--python", str(python), *PYTHON_PEERS[peer]])
        (home / ".complete").touch()
    return [str(python), str(HERE / "peers.py"), peer]


def known() -> list[str]:
    return [*PYTHON_PEERS, "staedi"]


def _staedi(kind: str) -> list[str]:
    java, javac = shutil.which("java"), shutil.which("javac")
    if not java or not javac:
        raise Missing("StAEDI needs java and javac (on Debian: default-jdk-headless)")
    home = PEERS / "staedi"
    home.mkdir(parents=True, exist_ok=True)
    jar = _run([sys.executable, str(HERE / "staedi.py"), str(home)])
    if not (home / "Staedi.class").exists():
        _run([javac, "-cp", jar, "-d", str(home), str(HERE / "Staedi.java")])
    identifier = kind[:3]
    opener = "CLP" if identifier == "835" else "CLM"
    path = os.pathsep.join((jar, str(home)))
    return [java, "-cp", path, "Staedi", str(home / f"{identifier}.xml"), "{}", opener]


def _uv() -> str:
    own = HERE.parent.parent / ".tools/uv/bin/uv"
    found = str(own) if own.exists() else shutil.which("uv")
    if not found:
        raise Missing("uv is needed to make the environments of the peers: run make setup")
    return found


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"{' '.join(command[:3])} ... failed: {done.stderr.strip()[-400:]}")
    return done.stdout.strip()
