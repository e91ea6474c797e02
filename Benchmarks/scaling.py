"""How Akin's cost grows with the number of songs, the seconds decoded and the epochs: each over three sizes, by the
whole commands."""

import json
import shutil
import statistics

from quiet import undisturbed

RUNS = 3


def table(bench):
    """Markdown: seconds for each size; the last column is the cost of one more unit, large beside small."""
    yield "| work | size: seconds (median of three) | a unit more: small to middle, middle to large |"
    yield "| --- | --- | --- |"
    for work, unit, sizes, measure in (songs(bench), seconds(bench), epochs(bench)):
        points = [
            (size, statistics.median(undisturbed(lambda: measure(size), tries=3)[1] for _ in range(RUNS)))
            for size in sizes]
        costs = [1000 * (b - a) / (m - n) for (n, a), (m, b) in zip(points, points[1:])]
        cells = ", ".join(f"{size:,} {unit}: {time:.2f}" for size, time in points)
        yield f"| {work} | {cells} | {' ms, '.join(f'{cost:.2f}' for cost in costs)} ms |"


def songs(bench):
    files = json.loads((bench.folder / "files.json").read_text())
    sizes = [len(files) // 4, len(files) // 2, len(files)]

    def measure(size):
        folder = bench.folder / f"{size} songs"
        if not folder.exists():
            folder.mkdir()
            for index, file in enumerate(files[:size]):
                shutil.copy(file, folder / f"{index}.{file.rsplit('.')[-1]}")
        bench.remove_library()
        return bench.akin("index", folder, "--model", bench.model, "-j", bench.threads, "--quiet")[1]

    return "`akin index`, network", "songs", sizes, measure


def seconds(bench):
    files = json.loads((bench.folder / "files.json").read_text())
    sizes = [300, 1200, 3600]

    def measure(size):
        file = bench.folder / f"{size} seconds.mp3"
        if not file.exists():
            bench.execute(
                [bench.binaries / "akin-bench", "lengthen", files[0], file, "--seconds", size], bench.environment)
        return bench.akin("features", file, "-o", bench.folder / "features.npy")[1]

    return "`akin features`, log-mel of the whole of an MP3 file", "s", sizes, measure


def epochs(bench):
    sizes = [4, 8, 16]

    def measure(size):
        return bench.akin(
            "train", bench.folder / "all.csv", "--strategy", "cross-entropy", "--pretrain-epochs", size,
            "--patience", 1000, "--hop-length", 1024, "--crop", 0, "-o", bench.folder / "scaling", "--restart",
            "--no-adopt", "--quiet", "--cache", bench.folder / "log-mels", "-j", bench.threads)[1]

    return "`akin train`, cross-entropy", "epochs", sizes, measure
