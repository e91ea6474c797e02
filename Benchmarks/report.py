"""The page that bench.py writes: what was measured, as Markdown."""

import importlib.metadata
import os
import pathlib
import platform
import statistics

EMBEDDING_MODES = ("contiguous", "channels-last", "traced", "compiled")


def processor():
    """Its name, and on x86 the numbers that tell processors of one name apart."""
    information = pathlib.Path("/proc/cpuinfo")
    if not information.exists():
        return platform.processor() or platform.machine()
    facts = {}
    for line in information.read_text().splitlines():
        name, _, value = line.partition(":")
        facts.setdefault(name.strip(), value.strip())
    name = facts.get("model name", platform.machine())
    return f"{name} ({facts['cpu family']}.{facts['model']})" if "cpu family" in facts else name


def versions(akin):
    packages = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("torch", "librosa", "faiss-cpu", "numpy"))
    return f"akin {akin}; Python {platform.python_version()}, {packages}"


def load(part, average):
    return f"load average before{f' the part `{part}`' if part else ''}: {average:.1f}"


def value(row, seconds):
    return 1000 * seconds if row["unit"].startswith("ms") else 1 / seconds


def median(row, side):
    return statistics.median(row["seconds"][side])


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def rows_table(rows):
    """A ratio is of medians, above 1 where Akin is faster."""
    yield "| work | processor, instruction set | | median | min | max | Akin is faster by |"
    yield "| --- | --- | --- | ---: | ---: | ---: | ---: |"
    for row in rows:
        for side in (name for name in row["seconds"] if name != "limit"):
            values = [value(row, seconds) for seconds in row["seconds"][side]]
            ratio = "" if side == "Akin" else f"{median(row, side) / median(row, 'Akin'):.2f} ×"
            figures = " | ".join(map(number, (value(row, median(row, side)), min(values), max(values))))
            place = f"{row['processor']}, {row['instructionSet']}"
            yield f"| {row['work']}, {row['unit']} | {place} | {side} | {figures} | {ratio} |"


def limits_table(rows):
    yield "| work | processor, instruction set | limit | Akin | of the limit | times what the limit costs |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    for row in rows:
        ours, limit = median(row, "Akin"), median(row, "limit")
        figures = " | ".join(f"{number(value(row, seconds))} {row['unit']}" for seconds in (limit, ours))
        place = f"{row['processor']}, {row['instructionSet']}"
        yield f"| {row['work']}: {row['limit']} | {place} | {figures} | {limit / ours:.0%} | {ours / limit:.2f} |"


def modes_table(modes):
    yield "| PyTorch's modes, ms a clip | contiguous | channels-last | traced | compiled |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name, found in modes.items():
        cells = [f"{1000 * found[mode]:.2f}" if mode in found else "" for mode in EMBEDDING_MODES]
        yield f"| {name} | {' | '.join(cells)} |"


def search_table(ways):
    yield "| how faiss shares a batch between its threads | ms a query |"
    yield "| --- | ---: |"
    for name, seconds in ways.items():
        yield f"| {name} | {number(1000 * seconds)} |"


def page(results):
    """All that was measured, however many runs it took."""
    rows = list(results["rows"].values())
    runs = "/".join(map(str, sorted({row["runs"] for row in rows}))) or "no"
    notes = [
        f"{machine}: {facts['multiplyAdds'] / 1e9:.0f} GFLOP/s in multiply-adds and {facts['reading'] / 1e9:.1f} GB/s "
        "read from memory by all threads together"
        for machine, facts in results["machine"].items()
    ]
    if rows:
        notes.append(f"others took at most {max(row['others'] for row in rows):.0%} of the processors during a turn")
    notes.insert(0, f"{os.cpu_count()} processors, {results['threads']} threads on each side")
    sections = {
        "How far from the limit": limits_table(rows) if rows else None,
        "Indexing": results["tables"].get("indexing"),
        "How soon it answers": results["tables"].get("startup"),
        "What each question costs": results["tables"].get("questions"),
        "How the server holds under load": results["tables"].get("serving"),
        "How soon a map is drawn": results["tables"].get("maps"),
        "How the cost grows": results["tables"].get("scaling"),
        "Which PyTorch": modes_table(results["modes"]) if results["modes"] else None,
        "Which faiss": search_table(results["search modes"]) if "search modes" in results else None,
    }
    lines = [
        "# How fast it is", "",
        f"Written by `{results['command']}`: {runs} runs, each side's turn before or after the others' by turns. What "
        "is measured, and how to read it: [`Benchmarks/README.md`](../Benchmarks/README.md).", "",
        *(f"- {note}" for note in [*notes, *results["notes"].values()]), "",
    ]  # fmt: skip
    if rows:
        lines += [*rows_table(rows), ""]
    for title, table in sections.items():
        if table:
            lines += [f"## {title}", "", *table, ""]
    return "\n".join(lines)
