"""Where the local stack keeps its things: the state folder, and the cache that stacks share."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

STACK_DIR = "CLEANCLAIM_STACK_DIR"
CACHE_DIR = "CLEANCLAIM_CACHE_DIR"
OPEN_FOLDER = Path("/var/tmp")  # noqa: S108  (survives a restart of the machine, open to every uid)


def checkout() -> Path:
    """The source checkout that this package runs from, else the current folder."""
    for folder in Path(__file__).resolve().parents:
        if (folder / "uv.lock").exists():
            return folder
    return Path.cwd()


def state_folder() -> Path:
    """`CLEANCLAIM_STACK_DIR`, else `.stack` in the checkout."""
    chosen = os.environ.get(STACK_DIR)
    return Path(chosen).absolute() if chosen else checkout() / ".stack"


def cache_folder(state: Path) -> Path:
    """A writable folder for downloads, never below HOME, shared by stacks where that is possible.

    `CLEANCLAIM_CACHE_DIR` wins; then the checkout's own `.stack/cache`; a checkout that may only
    be read is served from the stack's own folder, unless its cache is already filled.
    """
    chosen = os.environ.get(CACHE_DIR)
    if chosen:
        return Path(chosen).absolute()
    shared = checkout() / ".stack" / "cache"
    nearest = next(folder for folder in (shared, *shared.parents) if folder.exists())
    return shared if nearest == shared or os.access(nearest, os.W_OK) else state / "cache"


@dataclass(frozen=True, slots=True)
class Places:
    """Every path of one stack; the folder is open to pass through, secrets are closed."""

    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state.json"

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def clock(self) -> Path:
        return self.folder / "clock"

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets"

    @property
    def trusted_keys(self) -> Path:
        return self.folder / "trusted-keys.json"

    @property
    def mailbox(self) -> Path:
        return self.folder / "mailbox"

    @property
    def kafka(self) -> Path:
        return self.folder / "kafka"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def open_postgres(self) -> Path:
        """The data folder's place where another uid cannot reach this stack's folder."""
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:16]
        return OPEN_FOLDER / f"cleanclaim-stack-{digest}"

    def log(self, part: str) -> Path:
        return self.folder / "logs" / f"{part.replace(':', '-')}.log"

    def make(self) -> None:
        """Create the folders, with the modes that keep secrets closed."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o711)
        self.secrets.mkdir(exist_ok=True, mode=0o700)
        self.mailbox.mkdir(exist_ok=True, mode=0o700)
        (self.folder / "logs").mkdir(exist_ok=True, mode=0o700)
