"""What `akin index` needs: memory for files of three hours, and time for files that did not change."""

import json
import os
import shutil
import statistics
import subprocess
import time

from quiet import undisturbed

HOURS, THREADS = 3, 4
UNCHANGED, RUNS = 20_000, 5


def table(bench):
    """Markdown: peak resident memory, and what a re-scan costs a file."""
    yield "| `akin index` | | |"
    yield "| --- | --- | ---: |"
    folder = long_files(bench)
    for name, model in (("the default model, the descriptor", "descriptor"), ("a network", bench.model)):
        bench.remove_library()
        resident = peak_memory(bench, "index", folder, "--model", model, "-j", THREADS, "--quiet")
        yield (
            f"| {THREADS} files of {HOURS} hours at once, {THREADS} threads, peak resident memory | {name} | "
            f"{resident / 1e6:.0f} MB |")
    yield from rescan(bench)


def long_files(bench):
    """A folder with a file of three hours for each thread."""
    folder = bench.folder / "long"
    folder.mkdir()
    song = json.loads((bench.folder / "files.json").read_text())[0]
    first = folder / "0.mp3"
    bench.execute(
        [bench.binaries / "akin-bench", "lengthen", song, first, "--seconds", HOURS * 3600], bench.environment)
    for number in range(1, THREADS):
        shutil.copy(first, folder / f"{number}.mp3")
    return folder


def peak_memory(bench, *arguments):
    """Bytes that a command had resident at most."""
    process = subprocess.Popen(
        [str(argument) for argument in (bench.binaries / "akin", *arguments)], env=bench.environment,
        stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"akin {' '.join(map(str, arguments))} failed ({process.returncode})")
    return usage.ru_maxrss * 1024


def rescan(bench):
    """Folders with so many files of a second each, which are indexed already."""
    song = json.loads((bench.folder / "files.json").read_text())[0]
    second = bench.folder / "second.mp3"
    bench.execute([bench.binaries / "akin-bench", "lengthen", song, second, "--seconds", 1], bench.environment)
    folder = bench.folder / "unchanged"
    for number in range(UNCHANGED):
        album = folder / f"{number // 100}"
        album.mkdir(parents=True, exist_ok=True)
        shutil.copy(second, album / f"{number}.mp3")
    bench.remove_library()
    command = ["index", folder, "--model", bench.model, "-j", bench.threads, "--quiet"]
    bench.akin(*command)
    times = sorted(undisturbed(lambda: timed(lambda: bench.akin(*command)), tries=3)[1] for _ in range(RUNS))
    figures = ", ".join(
        f"{1e6 * seconds / UNCHANGED:.1f}" for seconds in (statistics.median(times), times[0], times[-1]))
    yield (
        f"| again, {UNCHANGED:,} files that did not change, the process's start included | median, min, max | "
        f"{figures} µs a file |")


def timed(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
