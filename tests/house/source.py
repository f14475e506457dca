"""What the house reads of itself: its files, their text and their syntax trees."""

import ast
import functools
import pathlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]

_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True)
class Source:
    """One Python file: path from the root of the tree, with slashes, and its text."""

    path: str
    text: str

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.path)

    @functools.cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    @property
    def stem(self) -> str:
        return pathlib.PurePosixPath(self.path).stem

    @property
    def parts(self) -> tuple[str, ...]:
        return pathlib.PurePosixPath(self.path).parts

    @property
    def is_test(self) -> bool:
        return "tests" in self.parts

    @property
    def is_shipped(self) -> bool:
        """Whether it is code of a service or a library (tools and tests may do more)."""
        return self.parts[0] in {"services", "libs"} and "src" in self.parts

    @property
    def room(self) -> str:
        """The room of a service's file, such as `commands`; of a library the module; else ''."""
        if "src" not in self.parts:
            return ""
        inside = self.parts[self.parts.index("src") + 3 :]
        return inside[0].removesuffix(".py") if inside else ""

    @property
    def package(self) -> str:
        """The folder that holds its pyproject.toml, such as `libs/chassis`; '' outside of all."""
        return "/".join(self.parts[:2]) if self.parts[0] in {"services", "libs", "tools"} else ""


@functools.cache
def tracked() -> tuple[str, ...]:
    """Every file that is committed or about to be, as a path from the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return tuple(p for p in sorted(set(listed.split("\0"))) if p and (ROOT / p).is_file())


@functools.cache
def python_sources() -> tuple[Source, ...]:
    return tuple(
        Source(path=p, text=(ROOT / p).read_text(encoding="utf-8"))
        for p in tracked()
        if p.endswith(".py")
    )


@functools.cache
def services() -> tuple[str, ...]:
    """The services that are there, told by their folders."""
    return tuple(sorted(p.parent.name for p in ROOT.glob("services/*/pyproject.toml")))


def words(name: str) -> list[str]:
    """Split `snake_case` and `CamelCase` into lower-case words."""
    return [w.lower() for part in name.split("_") for w in _CAMEL.findall(part)]


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a chain of attributes over a name; '' for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return ""


def calls(source: Source) -> Iterator[tuple[int, str]]:
    """Each call's line and the dotted name of what it calls."""
    for node in source.nodes:
        if isinstance(node, ast.Call):
            yield node.lineno, dotted(node.func)


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """Each import's line and the full dotted name of what it brings."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
