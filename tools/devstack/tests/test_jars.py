"""Kafka's jars are the pinned ones, or they are refused; a filled cache needs no network."""

import hashlib
import http.server
import threading

import pytest

from cleanclaim.devstack import jars
from cleanclaim.devstack.errors import StackError
from cleanclaim.devstack.jars import MAVEN_REPOSITORY, Jar, class_path, locked_jars
from cleanclaim.devstack.places import cache_folder
from cleanclaim.devstack.progress import silent

JAR = b"an invented jar"
PINNED = Jar("org.example:invented:1.0", hashlib.sha256(JAR).hexdigest())


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A Maven repository on this machine; a test puts the jars into its folder."""
    folder = tmp_path / "repository"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *_arguments):
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        monkeypatch.setenv(MAVEN_REPOSITORY, f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setattr(jars, "locked_jars", lambda: [PINNED])
        yield folder
        server.shutdown()
        serving.join()


def put(folder, content):
    path = folder / PINNED.path
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    path.with_name(path.name + ".sha1").write_text(digest)


def test_a_jar_is_fetched_once_and_then_served_from_the_cache(repository, tmp_path, monkeypatch):
    put(repository, JAR)
    cache = tmp_path / "cache"
    first = class_path(cache, say=silent)
    monkeypatch.setenv(MAVEN_REPOSITORY, "http://127.0.0.1:9")
    assert class_path(cache, say=silent) == first == str(cache / "m2" / PINNED.path)


def test_half_a_jar_of_an_interrupted_fetch_is_fetched_again(repository, tmp_path):
    put(repository, JAR)
    half = tmp_path / "cache" / "m2" / PINNED.path
    half.parent.mkdir(parents=True)
    half.write_bytes(JAR[:4])
    class_path(tmp_path / "cache", say=silent)
    assert half.read_bytes() == JAR


def test_a_jar_that_is_not_the_pinned_one_is_refused(repository, tmp_path):
    put(repository, b"another jar")
    with pytest.raises(StackError, match="digest is not the pinned one"):
        class_path(tmp_path / "cache", say=silent)
    assert not (tmp_path / "cache" / "m2" / PINNED.path).exists()


def test_a_repository_that_has_no_jar_is_named_with_the_way_out(repository, tmp_path):
    with pytest.raises(StackError, match="CLEANCLAIM_MAVEN_REPOSITORY names a mirror"):
        class_path(tmp_path / "cache", say=silent)


def test_every_jar_of_the_lock_file_has_coordinates_and_a_digest():
    found = locked_jars()
    assert any(jar.coordinates.startswith("org.apache.kafka:kafka_2.13:") for jar in found)
    assert all(len(bytes.fromhex(jar.sha256)) == hashlib.sha256().digest_size for jar in found)
    assert len({jar.path for jar in found}) == len(found)


def test_the_cache_is_never_below_home(tmp_path, monkeypatch):
    monkeypatch.delenv("CLEANCLAIM_CACHE_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert not cache_folder(tmp_path / "stack").is_relative_to(tmp_path / "home")
    assert list(tmp_path.iterdir()) == []
