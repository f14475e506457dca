"""Run the n-th Python block of a document, as its reader would."""

import re
import sys
from pathlib import Path

blocks = re.findall(
    r"^```python\n(.*?)^```$", Path(sys.argv[1]).read_text("utf-8"), re.MULTILINE | re.DOTALL
)
exec(compile(blocks[int(sys.argv[2]) - 1], sys.argv[1], "exec"), {})  # noqa: S102 (our own text)
