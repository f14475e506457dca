"""Apache Kafka's jars: fetched from a Maven repository by pinned digest, kept in the cache."""

import fcntl
import hashlib
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from jgo.maven import MavenContext, PythonResolver
from jgo.parse import Endpoint

from cleanclaim.devstack.errors import StackError
from cleanclaim.devstack.progress import Say, step

KAFKA_VERSION = "4.4.0"
ENDPOINT = f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}+org.slf4j:slf4j-simple:1.7.36"
MAVEN_REPOSITORY = "CLEANCLAIM_MAVEN_REPOSITORY"
CENTRAL = "https://repo.maven.apache.org/maven2"
ATTEMPTS = 3
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of the lock file: Maven coordinates and the SHA-256 of the jar."""

    coordinates: str
    sha256: str

    @property
    def path(self) -> str:
        group, artifact, version = self.coordinates.split(":")
        return f"{group.replace('.', '/')}/{artifact}/{version}/{artifact}-{version}.jar"


def locked_jars() -> list[Jar]:
    text = resources.files("cleanclaim.devstack").joinpath("kafka.lock").read_text(encoding="ascii")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [Jar(*line.split()) for line in lines]


def class_path(cache: Path, *, say: Say) -> str:
    """Kafka's class path, from the cache, or fetched into it and checked against the lock file.

    Raises StackError where the repository does not answer or a jar is not the pinned one.
    """
    jars = locked_jars()
    repository = cache / "m2"
    paths = [repository / jar.path for jar in jars]
    complete = cache / f"kafka-{KAFKA_VERSION}.complete"
    if not (complete.exists() and all(path.exists() for path in paths)):
        cache.mkdir(parents=True, exist_ok=True)
        with (cache / "lock").open("a") as lock, step(say, "kafka", f"fetching {len(jars)} jars"):
            fcntl.flock(lock, fcntl.LOCK_EX)
            _fetch_all(jars, repository)
            complete.touch()
    return os.pathsep.join(str(path) for path in paths)


def _context(repository: Path) -> MavenContext:
    address = os.environ.get(MAVEN_REPOSITORY, CENTRAL)
    return MavenContext(
        resolver=PythonResolver(),
        repo_cache=repository,
        remote_repos={"central": address.rstrip("/")},
    )


def _fetch_all(jars: list[Jar], repository: Path) -> None:
    context = _context(repository)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda jar: _fetch(jar, context, repository / jar.path), jars))


def _fetch(jar: Jar, context: MavenContext, path: Path) -> None:
    group, artifact, version = jar.coordinates.split(":")
    trouble = "its digest is not the pinned one"
    for _attempt in range(ATTEMPTS):
        # An interrupted fetch leaves half a jar under its final name: judge by digest alone.
        if path.exists() and _sha256(path) == jar.sha256:
            return
        path.unlink(missing_ok=True)
        try:
            context.project(group, artifact).at_version(version).artifact().resolve()
        except (OSError, RuntimeError) as refusal:
            trouble = str(refusal)
    if not (path.exists() and _sha256(path) == jar.sha256):
        path.unlink(missing_ok=True)
        raise StackError(
            f"kafka: {jar.coordinates} could not be fetched: {trouble}\n"
            f"The first start needs a Maven repository; {MAVEN_REPOSITORY} names a mirror, "
            "KAFKA_BOOTSTRAP_SERVERS a broker that runs elsewhere."
        )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def resolve_lock(cache: Path) -> str:
    """The lock file's text for `ENDPOINT`, resolved afresh; for a new version of Kafka."""
    context = _context(cache / "m2")
    wanted = [
        context.create_dependency(replace(coordinate, scope="compile"))
        for coordinate in Endpoint.parse(ENDPOINT).coordinates
    ]
    asked, followed = context.resolver.resolve(wanted)
    needed = [*asked, *(found for found in followed if found.scope in ("compile", "runtime"))]
    artifacts = [dependency.artifact for dependency in needed]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        paths = list(pool.map(lambda artifact: artifact.resolve(), artifacts))
    lines = (
        f"{artifact.groupId}:{artifact.artifactId}:{artifact.version} {_sha256(path)}"
        for artifact, path in zip(artifacts, paths, strict=True)
    )
    return "\n".join([f"# {ENDPOINT}", *sorted(lines), ""])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as fresh:
        print(resolve_lock(Path(fresh)), end="")
