"""The rules of style that a machine can hold, each with what to do instead and a bad example."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .source import Source, calls, dotted, imports, words

FILE_LINES = 400
TEST_FILE_LINES = 600
FUNCTION_LINES = 60
LINE_COLUMNS = 100

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_PRAGMA = re.compile(r"\s*# (?:noqa|type: ignore).*$")
_UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b")
_CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time",
    "time.time_ns", "uuid.uuid1", "uuid.uuid4", "uuid1", "uuid4", "asyncio.sleep",
}  # fmt: skip
_CHANCE = {"random", "uuid_utils"}
_NEVER_A_WORD = {"manager", "managers", "helper", "helpers", "util", "utils", "misc"}
_NEVER_A_NAME = {"base", "common", "data", "info", "process", "handle", "x2"}
_NEVER_A_MODULE = {"service", "constants"}
_NEVER_LAST = {"base", "data", "info"}
_NUMBERED = re.compile(r"^test_?\d+$|(?:^|_)(?:case|example|scenario|test)_?\d+$")
_JUDGES = ("assert", "expect", "check", "must", "verify", "refuse")


@dataclass(frozen=True)
class Rule:
    """A rule over one file: where it holds, what it finds, and how it is put right."""

    name: str
    holds_in: Callable[[Source], bool]
    find: Callable[[Source], Iterator[tuple[int, str]]]
    instead: str
    bad: str
    bad_path: str = "services/claims/src/cleanclaim/claims/commands.py"

    def offences(self, source: Source) -> list[str]:
        """One line per offence, naming file, line, what was found and what to do instead."""
        if not self.holds_in(source):
            return []
        return [f"{source.path}:{n}: {what}. {self.instead}" for n, what in self.find(source)]


def _anywhere(source: Source) -> bool:
    return True


def _shipped(source: Source) -> bool:
    return source.is_shipped


def _written_by_hand(source: Source) -> bool:
    # A migration is written by a tool and read once, from top to bottom.
    return "migrations" not in source.parts


def _outside_runtime(source: Source) -> bool:
    # The chassis' testing room starts real servers for tests and is imported by tests alone.
    exempt = source.package == "libs/chassis" and source.room in {"runtime", "testing"}
    # x12 stands alone: its command line is a program without the chassis, with a clock file.
    alone = source.package == "libs/x12" and source.path.endswith("/x12/command/clock.py")
    return source.is_shipped and not exempt and not alone


def _outside_chassis(source: Source) -> bool:
    return source.is_shipped and source.package != "libs/chassis"


def _in_a_domain(source: Source) -> bool:
    return source.parts[0] == "services" and source.room == "domain"


def _in_commands(source: Source) -> bool:
    return source.parts[0] == "services" and source.room == "commands"


def _in_migrations(source: Source) -> bool:
    return source.room == "migrations"


def _no_test(source: Source) -> bool:
    return not source.is_test


def _in_source_folders(source: Source) -> bool:
    return "src" in source.parts and not source.is_test


def _in_tests(source: Source) -> bool:
    return source.is_test


def _long_files(source: Source) -> Iterator[tuple[int, str]]:
    limit = TEST_FILE_LINES if source.is_test else FILE_LINES
    if (length := source.text.count("\n")) > limit:
        yield length, f"the file has {length} lines, {limit} is the limit"


def _long_functions(source: Source) -> Iterator[tuple[int, str]]:
    for node in source.nodes:
        if isinstance(node, _FUNCTIONS):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {length} lines, {FUNCTION_LINES} is the limit"


def _long_lines(source: Source) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source.text.splitlines(), start=1):
        if len(_PRAGMA.sub("", line)) > LINE_COLUMNS:
            yield number, f"the line has {len(line)} columns, {LINE_COLUMNS} is the limit"


def _clocks(source: Source) -> Iterator[tuple[int, str]]:
    for line, name in calls(source):
        if name in _CLOCKS or any(name.endswith(f".{clock}") for clock in _CLOCKS if "." in clock):
            yield line, f"{name}() reads the clock or makes an id"
    for line, name in imports(source):
        if name in _CLOCKS or name.split(".")[0] in _CHANCE:
            yield line, f"{name} is a clock or chance"


def _commits(source: Source) -> Iterator[tuple[int, str]]:
    return ((n, f"{name}() commits") for n, name in calls(source) if name.endswith(".commit"))


def _floats(source: Source) -> Iterator[tuple[int, str]]:
    return ((line, "a float is made") for line, name in calls(source) if name == "float")


def _waiting(source: Source) -> Iterator[tuple[int, str]]:
    for node in source.nodes:
        if isinstance(node, ast.AsyncFunctionDef | ast.Await):
            yield node.lineno, "a domain waits"


def _unfinished(source: Source) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source.text.splitlines(), start=1):
        if match := _UNFINISHED.search(line):
            yield number, f"{match.group()} left behind"


def _debuggers(source: Source) -> Iterator[tuple[int, str]]:
    stops = {"breakpoint", "pdb.set_trace"}
    return ((n, f"{name}() left behind") for n, name in calls(source) if name in stops)


def _relative(source: Source) -> Iterator[tuple[int, str]]:
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and node.level:
            yield node.lineno, "a relative import"


def _says_nothing(name: str) -> bool:
    parts = words(name)
    return bool(_NEVER_A_WORD & set(parts)) or "".join(parts) in _NEVER_A_NAME


def _empty_names(source: Source) -> Iterator[tuple[int, str]]:
    names = {source.stem, source.parts[-2] if len(source.parts) > 1 else ""}
    for name in names:
        if _says_nothing(name) or name in _NEVER_A_MODULE:
            yield 1, f"'{name}' as a module's name"
    for node in source.nodes:
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            last = words(node.name)[-1:] if isinstance(node, ast.ClassDef) else []
            if _says_nothing(node.name) or set(last) & _NEVER_LAST:
                yield node.lineno, f"'{node.name}' as a name"


def _test_functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in source.nodes:
        if isinstance(node, _FUNCTIONS) and node.name.startswith("test"):
            yield node


def _numbered_tests(source: Source) -> Iterator[tuple[int, str]]:
    for node in _test_functions(source):
        if _NUMBERED.search(node.name) or len(node.name.split("_")) < 4:
            yield node.lineno, f"{node.name} is no sentence"


def _skipped_tests(source: Source) -> Iterator[tuple[int, str]]:
    for node in source.nodes:
        name = dotted(node) if isinstance(node, ast.Attribute) else ""
        if name.split(".")[0] in {"pytest", "unittest"} and re.search(r"skip|xfail", name):
            yield node.lineno, f"{name} hides a test"


def _mocks(source: Source) -> Iterator[tuple[int, str]]:
    for line, name in imports(source):
        if name.startswith(("unittest.mock", "mock.", "pytest_mock")):
            yield line, f"{name} is imported"


def _judges(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return False
    called = dotted(node.func).rsplit(".", 1)[-1].lstrip("_")
    return called in {"raises", "warns", "fail"} or called.startswith(_JUDGES)


def _toothless_tests(source: Source) -> Iterator[tuple[int, str]]:
    for node in _test_functions(source):
        if not any(_judges(inner) for inner in ast.walk(node)):
            yield node.lineno, f"{node.name} asserts nothing"


def _positional_commands(source: Source) -> Iterator[tuple[int, str]]:
    for node in source.tree.body:
        public = isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_")
        if public and len(node.args.posonlyargs) + len(node.args.args) > 1:
            yield node.lineno, f"{node.name} takes more than `work` by position"


def _foreign_migrations(source: Source) -> Iterator[tuple[int, str]]:
    for line, name in imports(source):
        if name.startswith("cleanclaim.") and not name.startswith("cleanclaim.chassis"):
            yield line, f"a migration imports {name}"


RULES = (
    Rule(
        name="a file is short",
        holds_in=_written_by_hand,
        find=_long_files,
        instead="Make it a folder of the same name, one verb or noun a file, re-exported",
        bad="x = 1\n" * (FILE_LINES + 1),
    ),
    Rule(
        name="a function is short",
        holds_in=_written_by_hand,
        find=_long_functions,
        instead="Name its parts and make them functions",
        bad="def settle():\n" + "    x = 1\n" * FUNCTION_LINES,
    ),
    Rule(
        name="a line is short",
        holds_in=_no_test,
        find=_long_lines,
        instead="Break it, or name a part of it",
        bad=f"claim = '{'x' * LINE_COLUMNS}'\n",
    ),
    Rule(
        name="clock, chance and sleep come from the runtime",
        holds_in=_outside_runtime,
        find=_clocks,
        instead="Take the time or the id as an argument, or ask cleanclaim.chassis.runtime",
        bad="import datetime\nnow = datetime.datetime.now(datetime.UTC)\n",
    ),
    Rule(
        name="the door commits",
        holds_in=_outside_chassis,
        find=_commits,
        instead="Let the unit of work end the transaction: a command never commits",
        bad="async def submit(work):\n    await work.connection.commit()\n",
    ),
    Rule(
        name="money is never a float",
        holds_in=_no_test,
        find=_floats,
        instead="Keep integer cents, or Fraction and Decimal for a rate",
        bad="paid = float('1.10')\n",
    ),
    Rule(
        name="a domain never waits",
        holds_in=_in_a_domain,
        find=_waiting,
        instead="Fetch before, in the door or the command, and hand the values in",
        bad="async def balance(claim):\n    return claim\n",
        bad_path="services/claims/src/cleanclaim/claims/domain/claim.py",
    ),
    Rule(
        name="nothing is left unfinished in silence",
        holds_in=_anywhere,
        find=_unfinished,
        instead="Do it now, or write an issue and refuse the case with a clear error",
        bad="x = 1  # TO" + "DO later\n",
    ),
    Rule(
        name="no debugger stays behind",
        holds_in=_anywhere,
        find=_debuggers,
        instead="Remove it; keep what it showed as a test",
        bad="breakpoint()\n",
    ),
    Rule(
        name="source imports by full name",
        holds_in=_in_source_folders,
        find=_relative,
        instead="Write the full name, such as cleanclaim.claims.store",
        bad="from . import store\n",
    ),
    Rule(
        name="a name says something",
        holds_in=_in_source_folders,
        find=_empty_names,
        instead="Name what it is or does in the billing office's words (docs/style.md)",
        bad="class ClaimManager:\n    pass\n",
    ),
    Rule(
        name="a test is a sentence",
        holds_in=_in_tests,
        find=_numbered_tests,
        instead="Say what holds: test_a_held_claim_is_not_sent",
        bad="def test_case_2():\n    assert True\n",
        bad_path="services/claims/tests/test_commands.py",
    ),
    Rule(
        name="a test is never hidden",
        holds_in=_in_tests,
        find=_skipped_tests,
        instead="Make it run everywhere, or choose what to test by what is there",
        bad="import pytest\n\n\n@pytest.mark.skipif(True)\ndef test_it():\n    pass\n",
        bad_path="services/claims/tests/test_commands.py",
    ),
    Rule(
        name="tests run the real thing",
        holds_in=_in_tests,
        find=_mocks,
        instead="Use the real database or broker, or a fake of our own Protocol",
        bad="from unittest.mock import MagicMock\n",
        bad_path="services/claims/tests/test_commands.py",
    ),
    Rule(
        name="a test can fail",
        holds_in=_in_tests,
        find=_toothless_tests,
        instead="Assert what must stand afterwards",
        bad="def test_a_claim_is_sent():\n    send()\n",
        bad_path="services/claims/tests/test_commands.py",
    ),
    Rule(
        name="a command's arguments are named",
        holds_in=_in_commands,
        find=_positional_commands,
        instead="Put a bare * after work",
        bad="async def submit_claim(work, claim_id):\n    return None\n",
    ),
    Rule(
        name="a migration stands alone",
        holds_in=_in_migrations,
        find=_foreign_migrations,
        instead="Write the tables out: a migration must mean the same in five years",
        bad="import cleanclaim.claims.store\n",
        bad_path="services/claims/src/cleanclaim/claims/migrations/versions/one.py",
    ),
)
