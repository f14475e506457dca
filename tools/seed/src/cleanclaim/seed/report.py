"""What the demo prints: plain tables of what the services answered, without any random id."""

from collections.abc import Iterable, Mapping, Sequence


def dollars(cents: int) -> str:
    """Cents as people write them; exact, because it only places a point."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def title(text: str) -> str:
    return f"\n{text}\n{'─' * len(text)}"


def table(rows: Iterable[Sequence[str]], *, heads: Sequence[str] = ()) -> str:
    """Left-aligned words, right-aligned numbers."""
    all_rows = [list(heads), *map(list, rows)] if heads else [list(row) for row in rows]
    if not all_rows:
        return "  (none)"
    widths = [max(len(row[column]) for row in all_rows) for column in range(len(all_rows[0]))]
    lines = []
    for row in all_rows:
        cells = [
            cell.rjust(width) if _is_number(cell) else cell.ljust(width)
            for cell, width in zip(row, widths, strict=True)
        ]
        lines.append("  " + "  ".join(cells).rstrip())
    return "\n".join(lines)


def _is_number(cell: str) -> bool:
    return bool(cell) and set(cell) <= set("0123456789,.-")


def counted(counts: Mapping[str, int]) -> str:
    """Names with their counts, the most frequent first."""
    return table(
        [(name, str(count)) for name, count in sorted(counts.items(), key=lambda x: (-x[1], x[0]))]
    )
