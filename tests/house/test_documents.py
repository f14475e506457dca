"""What the documents say of the tree is so: targets, links, words, decisions."""

import ast
import re
from collections.abc import Iterator

from .source import ROOT, Source, python_sources, tracked, words

_TARGET = re.compile(r"^([a-z][a-z0-9-]*):(?!=)(.*)$", re.MULTILINE)
_MAKE_COMMAND = re.compile(r"(?:^|`)make ([a-z][a-z0-9-]*)", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_ERROR_KINDS = {"Conflict", "Error", "Exception", "Forbidden", "Invalid", "Missing", "Unavailable"}
_PARTS_OF_A_DECISION = ("## Context", "## Decision", "## Consequences", "## Alternatives")
_HOSTS = ("pypi.org", "pythonhosted.org", "npmjs.org")
_MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:home|root|work|Users)/\w+")


def _read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _documents() -> list[str]:
    return [path for path in tracked() if path.endswith(".md")]


def test_every_make_target_explains_itself() -> None:
    silent = [
        name
        for name, rest in _TARGET.findall(_read("Makefile"))
        if "##" not in rest and name != "export"
    ]

    assert not silent, f"write '## what it does' behind these targets of the Makefile: {silent}"


def unknown_targets(text: str, targets: set[str]) -> set[str]:
    """The `make <target>` commands in a text that the Makefile does not offer."""
    return set(_MAKE_COMMAND.findall(text)) - targets


def test_every_make_command_in_the_documents_exists() -> None:
    targets = {name for name, _ in _TARGET.findall(_read("Makefile"))}
    wrong = {path: unknown_targets(_read(path), targets) for path in _documents()}

    assert not {p: names for p, names in wrong.items() if names}, "name a target that `make` lists"


def test_an_invented_make_command_is_found() -> None:
    assert unknown_targets("Run `make coffee` first.", {"test"}) == {"coffee"}
    assert unknown_targets("    make test s=claims", {"test"}) == set()


def broken_links(path: str, text: str) -> list[str]:
    """Relative links of a document that lead nowhere."""
    folder = (ROOT / path).parent
    targets = [link for link in _LINK.findall(text) if "://" not in link and "mailto:" not in link]
    return [f"{path}: {link}" for link in targets if not (folder / link).exists()]


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [line for path in _documents() for line in broken_links(path, _read(path))]

    assert not broken, "\n".join(broken)


def test_a_link_to_nowhere_is_found() -> None:
    assert broken_links("docs/style.md", "[gone](nowhere.md)")
    assert not broken_links("docs/style.md", "[here](style.md) [out](https://example.org/a)")


def domain_classes(source: Source) -> Iterator[str]:
    """The public nouns of a domain file; errors are sentences and stand beside their rules."""
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            parents = {ast.unparse(b).rsplit(".", 1)[-1] for b in node.bases}
            if not any(words(parent)[-1].title() in _ERROR_KINDS for parent in parents):
                yield node.name


def test_every_word_of_a_domain_stands_in_the_glossary() -> None:
    glossary = _read("docs/glossary.md")
    missing = [
        f"{name} ({source.path})"
        for source in python_sources()
        if source.parts[0] == "services" and source.room == "domain"
        for name in domain_classes(source)
        if not re.search(rf"\b{name}\b", glossary)
    ]

    assert not missing, "explain these in docs/glossary.md:\n" + "\n".join(missing)


def test_an_unexplained_word_of_a_domain_is_seen() -> None:
    text = "class Claim:\n    x = 1\n\n\nclass ClaimAlreadySubmitted(Conflict):\n    x = 1\n"

    assert list(domain_classes(Source(path="a.py", text=text))) == ["Claim"]


def _decisions() -> list[str]:
    return [path for path in tracked() if re.fullmatch(r"docs/adr/\d{4}-[a-z0-9-]+\.md", path)]


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.split("/")[-1][:4]) for path in _decisions()]

    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers, "docs/adr holds no decision"


def test_every_decision_has_its_parts_and_one_quotable_line() -> None:
    for path in _decisions():
        text = _read(path)
        absent = [part for part in _PARTS_OF_A_DECISION if part not in text]
        assert not absent, f"{path} lacks {absent}"
        assert re.search(r"## Decision\n\n> .+\n", text), f"{path}: quote the decision in one line"
        assert len(text.splitlines()) < 60, f"{path} is longer than a page"


def test_the_log_of_decisions_lists_every_decision() -> None:
    log = _read("docs/adr/README.md")
    missing = [path for path in _decisions() if path.rsplit("/", 1)[-1] not in log]

    assert not missing, f"add {missing} to docs/adr/README.md"


def foreign_places(text: str) -> list[str]:
    """Registry hosts and paths of one machine that a text names."""
    return [*_MACHINE_PATH.findall(text), *(host for host in _HOSTS if host in text)]


def test_no_file_names_a_registry_or_one_machine() -> None:
    exempt = {"uv.lock", "tests/house/test_documents.py"}
    found = {}
    for path in tracked():
        if path not in exempt:
            text = (ROOT / path).read_bytes().decode("utf-8", errors="ignore")
            if places := foreign_places(text):
                found[path] = places

    assert not found, f"say it without the place: {found}"


def test_a_registry_or_one_machine_is_found() -> None:
    assert foreign_places("see " + "/ho" + "me/ann/claims")
    assert not foreign_places("see docs/architecture.md and `make test`")
