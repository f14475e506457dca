"""The parts of the documents that are made: transcripts, tables, reference; run it to renew them.

A ```console block holds commands (`$ …`) and what they print in `libs/x12`; a section between
`<!-- made: name -->` and `<!-- end -->` is written by the function of that name.
"""

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import agreement
import msgspec

from cleanclaim import x12

HERE = Path(__file__).parent
PACKAGE = HERE.parent
DOCUMENTS = [PACKAGE / "README.md", *sorted((PACKAGE / "docs").glob("*.md"))]

_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MADE = re.compile(r"^<!-- made: (\w+) -->\n(.*?)^<!-- end -->$", re.MULTILINE | re.DOTALL)


def renewed(text):
    """A document with its transcripts and made sections as they are now."""
    text = _CONSOLE.sub(lambda found: f"```console\n{_transcripts(found[1])}```", text)
    return _MADE.sub(
        lambda found: f"<!-- made: {found[1]} -->\n{MAKERS[found[1]]()}<!-- end -->", text
    )


def _transcripts(block):
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    return "\n".join(f"$ {command}\n{_printed(command)}" for command in commands)


def _printed(command):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        ["bash", "-c", command],
        cwd=PACKAGE,
        env=os.environ | {"PATH": path, "COLUMNS": "100", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    lines = [line.rstrip() for line in run.stdout.decode().splitlines()]
    return "".join(f"{line}\n" for line in lines)


def reference():
    """Every public name with its docstring, its fields and its properties, by kind."""
    names = {name: getattr(x12, name) for name in sorted(x12.__all__)}
    functions = {n: o for n, o in names.items() if inspect.isfunction(o)}
    classes = {n: o for n, o in names.items() if inspect.isclass(o)}
    told = ["\n## Functions\n", *(_function(*pair) for pair in functions.items())]
    told += ["## Types\n", *(_class(*pair) for pair in classes.items())]
    return "\n".join(told) + "\n"


def _function(name, function):
    return f"### {name}\n\n```python\n{name}{_signature(function)}\n```\n\n{_told(function)}\n"


def _signature(function):
    text = str(inspect.signature(function)).replace("'", "")
    return re.sub(r"cleanclaim\.x12\.\w+(?:\.\w+)?\.", "", text)


def _class(name, kind):
    lines = [f"### {name}\n"]
    if told := _told(kind):
        lines.append(f"{told}\n")
    if issubclass(kind, msgspec.Struct):
        fields = msgspec.structs.fields(kind)
        lines += [f"- `{field.name}`: {_type(kind, field.name)}" for field in fields]
    for inner, value in sorted(vars(kind).items()):
        if inner.startswith("_"):
            continue
        if isinstance(value, property):
            lines.append(f"- `.{inner}`{_sentence(value.fget)}")
        elif inspect.isfunction(value) and value.__module__.startswith("cleanclaim."):
            lines.append(f"- `.{inner}{_signature(value)}`{_sentence(value)}")
    return "\n".join(lines) + "\n"


def _type(kind, name):
    for owner in kind.__mro__:
        if name in getattr(owner, "__annotations__", {}):
            return f"`{owner.__annotations__[name]}`".replace("dt.date", "date")
    return ""


def _told(thing):
    text = inspect.getdoc(thing) or ""
    return "" if text.startswith(f"{getattr(thing, '__name__', '')}(") else text


def _sentence(function):
    text = inspect.getdoc(function)
    return f": {' '.join(text.split())}" if text else ""


def samples():
    """Which samples another reader judges otherwise than this one."""
    return agreement.rows_of_samples()


def variants():
    """What each reader says of a file with one fault."""
    return agreement.rows_of_variants()


MAKERS = {"reference": reference, "samples": samples, "variants": variants}

if __name__ == "__main__":
    for document in DOCUMENTS:
        document.write_text(renewed(document.read_text("utf-8")), "utf-8")
