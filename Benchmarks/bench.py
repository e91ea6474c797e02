#!/usr/bin/env python3
"""Akin beside PyTorch, librosa and faiss: the same work on the same machine, in turns.

    make bench MUSIC=FOLDER

Prints Markdown tables, and writes them to --output. README.md says what is measured and what each side is given.
"""

import argparse
import csv
import dataclasses
import importlib.metadata
import itertools
import json
import os
import pathlib
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import scaling
import startup
import tsne

CLASSES, SONGS_PER_CLASS = 8, 8
PEER_FILES = 40
VECTORS, DIMENSION, QUERIES = 1_000_000, 60, 1_000
TUNED = {
    "MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "100000000000", "MALLOC_TOP_PAD_": "500000000",
}  # fmt: skip
# Workers are as many as Akin's threads: their libraries start no more of their own.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
TRAINING_MODES = ("contiguous", "channels-last", "compiled")
EMBEDDING_MODES = ("contiguous", "channels-last", "traced", "compiled")


@dataclasses.dataclass
class Row:
    """A piece of work. Each side is a function that gives the seconds for one item."""

    work: str
    unit: str  # "clips/s" and such, or "ms"
    sides: dict  # name: function; the first is Akin
    limit_name: str
    seconds: dict = dataclasses.field(default_factory=dict)  # name: list of measurements

    def value(self, seconds):
        return 1000 * seconds if self.unit.startswith("ms") else 1 / seconds

    def median(self, side):
        return statistics.median(self.seconds[side])


class Bench:
    """The sides, and the temporary folder that everything is written to."""

    def __init__(self, arguments, folder):
        self.binaries = arguments.binaries.resolve()
        self.music = arguments.music and arguments.music.resolve()
        self.threads = arguments.threads
        self.seconds = arguments.seconds
        self.folder = folder
        self.model = folder / "training" / "model.safetensors"
        self.environment = os.environ | {
            "AKIN_LIBRARY": str(folder / "library.sqlite"), "XDG_CACHE_HOME": str(folder / "cache"),
        }  # fmt: skip
        self.answers = {}

    # Running

    def execute(self, command, environment, allowed=(0,)):
        done = subprocess.run(
            list(map(str, command)), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode not in allowed:
            sys.exit(f"{' '.join(map(str, command))} failed ({done.returncode}): {done.stderr.strip()[-2000:]}")
        return done.stdout

    def akin(self, *arguments, allowed=(0,)):
        """Runs the command line; its standard output and the seconds it took."""
        start = time.perf_counter()
        output = self.execute([self.binaries / "akin", *arguments], self.environment, allowed)
        return output, time.perf_counter() - start

    def loop(self, command, *flags, threads=None, **options):
        """Runs a command of akin-bench."""
        return self.measured(
            [self.binaries / "akin-bench", command], os.environ, command, flags, threads or self.threads, options)

    def peer(self, command, threads=None, environment={}, **options):
        """Runs a command of peers.py."""
        script = pathlib.Path(__file__).resolve().parent / "peers.py"
        return self.measured(
            [sys.executable, script, command], os.environ | environment, command, (), threads or self.threads, options)

    def measured(self, program, environment, command, flags, threads, options):
        named = itertools.chain(*((f"--{name.replace('_', '-')}", value) for name, value in options.items()))
        options = [*flags, "--threads", threads, *named, "--seconds", self.seconds]
        answer = json.loads(self.execute([*program, *options], environment).splitlines()[-1])
        if "--limit" not in flags:
            self.answers[pathlib.Path(program[-2]).name, command] = answer
        return answer.get("seconds")

    # What is measured on

    def prepare(self):
        """Songs, log-mels, a model, vectors."""
        if not self.music:
            self.music = self.folder / "music"
            self.execute([self.binaries / "akin-bench", "compose", self.music], os.environ)
        manifest = self.folder / "all.csv"
        self.akin(
            "dataset", "folder", self.music, "--class", "artist", "--minimum", SONGS_PER_CLASS, "-o", manifest,
            allowed=(0, 2))
        with manifest.open(newline="") as file:
            rows = sorted(csv.DictReader(file), key=lambda row: row["class"])
        by_class = [list(songs) for _, songs in itertools.groupby(rows, key=lambda row: row["class"])]
        if len(by_class) < CLASSES:
            sys.exit(f"{self.music}: {len(by_class)} artists with {SONGS_PER_CLASS} songs; {CLASSES} are needed")
        songs = [str(self.folder / row["path"]) for group in by_class[:CLASSES] for row in group[:SONGS_PER_CLASS]]
        files = sorted(str(path) for path in self.music.rglob("*") if path.suffix.lower() in (".mp3", ".flac", ".ogg"))
        step = max(1, len(files) // PEER_FILES)
        self.file_count = len(files)
        for name, paths in (("songs", songs), ("files", files), ("some", files[::step][:PEER_FILES])):
            (self.folder / f"{name}.json").write_text(json.dumps(paths))
        self.akin(
            "train", manifest, "--strategy", "semi-hard", "--pretrain-epochs", 4, "--epochs", 1,
            "--hop-length", 1024, "--crop", 0, "-o", self.folder / "training", "--no-adopt", "--quiet",
            "--cache", self.folder / "log-mels", "-j", self.threads)
        self.peer("prepare", files=self.folder / "songs.json", **self.arrays)
        self.write_vectors()

    @property
    def arrays(self):
        return {"log_mels": self.folder / "log-mels.npy", "samples": self.folder / "samples.npy"}

    @property
    def network(self):
        return {"model": self.model, "log_mels": self.folder / "log-mels.npy"}

    @property
    def vectors(self):
        return {"vectors": self.folder / "vectors.f32", "queries": self.folder / "queries.f32", "dimension": DIMENSION}

    def write_vectors(self):
        """Directions drawn uniformly: nothing that a search could prune."""
        import numpy as np

        generator = np.random.default_rng(1)
        for name, count in (("vectors", VECTORS), ("queries", QUERIES)):
            generator.standard_normal((count, DIMENSION), np.float32).tofile(self.folder / f"{name}.f32")

    # What is measured

    def trials(self):
        """PyTorch's modes, the better of two measurements; the fastest is the peer."""
        found = {}
        for command, batch, modes in (("training", 32, TRAINING_MODES), ("embedding", 32, EMBEDDING_MODES),
                                      ("embedding", 1, EMBEDDING_MODES)):
            for environment, name in (({}, "as it comes"), (TUNED, "tuned allocator")):
                if batch == 1 and environment:
                    continue
                for mode in modes:
                    seconds = min(
                        self.peer(command, environment=environment, mode=mode, batch=batch, **self.network)
                        for _ in range(2))
                    found[command, batch, name, mode] = seconds
                    log(f"{command}, batch {batch}, PyTorch {mode}, {name}: {1000 * seconds:.2f} ms a clip")
        return found

    def torch(self, trials, command, batch, name, mode=None):
        """The side that runs a mode, or else the fastest."""
        environment = TUNED if name == "tuned allocator" else {}
        modes = {key[3]: seconds for key, seconds in trials.items() if key[:3] == (command, batch, name)}
        mode = mode or min(modes, key=modes.get)
        return f"PyTorch, {mode}, {name}", lambda: self.peer(
            command, environment=environment, mode=mode, batch=batch, **self.network)

    def rows(self, trials):
        both, traced = (("as it comes", None), ("tuned allocator", None)), ("tuned allocator", "traced")
        for work, command, batch, unit, peers in (
            ("training step, batch 32, semi-hard, SGD", "training", 32, "clips/s", both),
            ("embedding log-mels, batch 32", "embedding", 32, "clips/s", (*both, traced)),
            ("embedding one song alone", "embedding", 1, "ms", both[:1]),
        ):
            yield Row(work, unit, {
                "Akin": lambda c=command, b=batch: self.loop(c, batch=b, **self.network),
                **dict(self.torch(trials, command, batch, *peer) for peer in peers),
                "limit": lambda c=command, b=batch: self.loop(c, "--limit", batch=b, **self.network),
            }, "multiply-adds at the processor's peak")  # fmt: skip
        samples = self.arrays["samples"]
        yield Row("log-mel of 30 s at 22,050 Hz, hop 1024, one core", "ms", {
            "Akin": lambda: self.loop("log-mel", threads=1, samples=samples),
            "librosa": lambda: self.peer("log-mel-spectrogram", threads=1, environment=ONE_THREAD, samples=samples),
            "limit": lambda: self.loop("log-mel", "--limit", threads=1, samples=samples),
        }, "FFmpeg's transforms alone")  # fmt: skip
        yield Row("30 s file → embedding in the catalogue, all cores", "songs/s", {
            "Akin": self.index,
            "librosa + PyTorch": lambda: self.peer(
                "files", environment=ONE_THREAD, mode="contiguous", files=self.folder / "some.json", **self.network),
            "limit": lambda: self.loop("decoding", files=self.folder / "files.json"),
        }, "decoding, mixing and resampling alone")  # fmt: skip
        for work, threads, batch, unit, limit in (
            (f"top 10 of {VECTORS:,} × {DIMENSION}, one query, one core", 1, 1, "ms", "reading a byte a value from memory"),
            (f"the same, {QUERIES:,} queries in a batch, all cores", self.threads, QUERIES, "ms a query",
             "multiply-adds in single precision at the peak"),
        ):
            yield Row(work, unit, {
                "Akin": lambda t=threads, b=batch: self.loop("search", threads=t, batch=b, **self.vectors),
                "faiss IndexFlatIP": lambda t=threads, b=batch: self.peer("search", threads=t, batch=b, **self.vectors),
                "limit": lambda t=threads, b=batch: self.loop("search", "--limit", threads=t, batch=b, **self.vectors),
            }, limit)  # fmt: skip

    def index(self):
        """The whole command, from outside: start, scan, decode, log-mel, network, storing."""
        self.remove_library()
        return self.akin("index", self.music, "--model", self.model, "-j", self.threads, "--quiet")[1] / self.file_count

    def remove_library(self):
        for file in self.folder.glob("library.sqlite*"):
            file.unlink()

    # Whether both sides did the same

    def agreement(self):
        """Cosines of both sides' embeddings of the same files, and common neighbours."""
        files = json.loads((self.folder / "some.json").read_text())[:4]
        lines = self.akin("embed", *files, "--model", self.model, "-j", self.threads)[0].splitlines()
        ours = {entry["path"]: entry["embedding"] for entry in map(json.loads, lines)}
        theirs = self.answers["peers.py", "files"]["first"]
        yield f"embeddings of the same files: cosine at least {min(map(cosine, (ours[f] for f in files), theirs)):.5f}"
        pairs = list(zip(*(self.answers[side, "search"]["neighbors"] for side in ("akin-bench", "peers.py")), strict=True))
        same = sum(a == b for a, b in pairs)
        yield f"neighbours: {same} of {len(pairs)} queries with the same ten in the same order"


def cosine(a, b):
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    return dot / (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5


def log(text):
    print(text, file=sys.stderr, flush=True)


def measure(rows, runs):
    """Each side's turn comes before or after the others' by turns."""
    for run in range(runs):
        for row in rows:
            sides = list(row.sides.items())
            for side, function in sides if run % 2 == 0 else reversed(sides):
                row.seconds.setdefault(side, []).append(function())
                log(f"run {run + 1}: {row.work}, {side}: {row.value(row.seconds[side][-1]):.4g} {row.unit}")


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def table(rows):
    """Markdown; a ratio is of medians, above 1 where Akin is faster."""
    yield "| work | | median | min | max | Akin is faster by |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    for row in rows:
        for side in (name for name in row.sides if name != "limit"):
            values = [row.value(seconds) for seconds in row.seconds[side]]
            ratio = "" if side == "Akin" else f"{row.median(side) / row.median('Akin'):.2f} ×"
            figures = " | ".join(map(number, (row.value(row.median(side)), min(values), max(values))))
            yield f"| {row.work}, {row.unit} | {side} | {figures} | {ratio} |"


def limits(rows):
    yield "| work | limit | Akin | of the limit |"
    yield "| --- | ---: | ---: | ---: |"
    for row in rows:
        ours, limit = row.median("Akin"), row.median("limit")
        figures = f"{number(row.value(limit))} {row.unit} | {number(row.value(ours))} {row.unit} | {limit / ours:.0%}"
        yield f"| {row.work}: {row.limit_name} | {figures} |"


def modes(trials):
    yield "| PyTorch's modes, ms a clip | contiguous | channels-last | traced | compiled |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for key in dict.fromkeys(key[:3] for key in trials):
        cells = [f"{1000 * trials[*key, mode]:.2f}" if (*key, mode) in trials else "" for mode in EMBEDDING_MODES]
        yield f"| {key[0]}, batch {key[1]}, {key[2]} | {' | '.join(cells)} |"


def machine(bench):
    """Processor, instruction set and versions, a line each."""
    model = platform.processor() or platform.machine()
    information = pathlib.Path("/proc/cpuinfo")
    if information.exists():
        names = [line.partition(":")[2].strip() for line in information.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    facts = json.loads(
        bench.execute([bench.binaries / "akin-bench", "machine", "--threads", bench.threads], os.environ))
    yield f"{model}, {os.cpu_count()} processors, {bench.threads} threads each; Akin's kernels: {facts['instructionSet']}"
    yield (
        f"at the start, all threads: {facts['multiplyAdds'] / 1e9:.0f} GFLOP/s in multiply-adds, "
        f"{facts['reading'] / 1e9:.1f} GB/s read from memory")
    packages = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("torch", "librosa", "faiss-cpu", "numpy"))
    yield f"akin {bench.akin('--version')[0].strip()}; Python {platform.python_version()}, {packages}"
    # Others at work on the same processors blur a measurement; the load average says so.
    yield f"load average before: {os.getloadavg()[0]:.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binaries", type=pathlib.Path, required=True, help="the folder of akin and akin-bench")
    parser.add_argument("--music", type=pathlib.Path, help="a folder of tagged 30 s files; else music is composed")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=2, help="of each measurement")
    parser.add_argument("--only", default="", help="measure only the work that has this in its name, such as search")
    parser.add_argument("--output", type=pathlib.Path, help="the Markdown file to write")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the temporary folder goes
    if min(arguments.runs, arguments.threads, arguments.seconds) <= 0:
        parser.error("--runs, --threads and --seconds must be above 0")
    with tempfile.TemporaryDirectory(prefix="akin-bench-") as folder:
        bench = Bench(arguments, pathlib.Path(folder).resolve())
        notes = list(machine(bench))
        bench.prepare()
        trials = bench.trials()
        rows = [row for row in bench.rows(trials) if arguments.only in row.work]
        measure(rows, arguments.runs)
        maps = list(tsne.table(bench.binaries, bench.threads, bench.folder))
        report(arguments, rows, trials, notes + list(bench.agreement()), list(scaling.table(bench)), list(startup.table(bench)), maps)


def report(arguments, rows, trials, notes, growth, start, maps):
    command = f"make bench{' MUSIC=FOLDER' if arguments.music else ''}"
    runs = f"{arguments.runs} runs, each side's turn before or after the others' by turns"
    text = "\n".join([
        "# How fast it is", "",
        f"Written by `{command}`: {runs}. What is measured, and how to read it: "
        "[`Benchmarks/README.md`](../Benchmarks/README.md).", "",
        *(f"- {note}" for note in notes), "",
        *table(rows), "",
        "## How far from the limit", "", *limits(rows), "",
        "## How the cost grows", "", *growth, "",
        "## How soon it answers", "", *start, "",
        "## How soon a map is drawn", "", *maps, "",
        "## Which PyTorch", "", *modes(trials), "",
    ])  # fmt: skip
    print(text)
    if arguments.output:
        arguments.output.write_text(text)


if __name__ == "__main__":
    main()
