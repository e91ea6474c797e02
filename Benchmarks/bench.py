#!/usr/bin/env python3
"""Akin beside PyTorch, librosa and faiss: the same work on the same machine, in turns.

    make bench MUSIC=FOLDER

Prints Markdown tables, and writes them to --output. README.md says what is measured and what each side is given.
"""

import argparse
import csv
import dataclasses
import itertools
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

import indexing
import questions
import report
import scaling
import serving
import startup
import tsne
from quiet import undisturbed

CLASSES, SONGS_PER_CLASS = 8, 8
PEER_FILES = 40
VECTORS, DIMENSION, QUERIES = 1_000_000, 60, 1_000
TUNED = {
    "MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "100000000000", "MALLOC_TOP_PAD_": "500000000",
}  # fmt: skip
# Workers are as many as Akin's threads: their libraries start no more of their own.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
TRAINING_MODES = ("contiguous", "channels-last", "compiled")
EMBEDDING_MODES = report.EMBEDDING_MODES
# What holds both sides to an instruction set below the processor's own.
HELD = {
    "avx2": {"AKIN_INSTRUCTION_SET": "avx2", "ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2",
             "MKL_ENABLE_INSTRUCTIONS": "AVX2"},
}  # fmt: skip
# Environment and peers.py's mode: on few processors OpenBLAS's threads and OpenMP's stand in each other's way.
SEARCH_WAYS = {
    "as it comes": ({}, "together"),
    "OpenBLAS on one thread": ({"OPENBLAS_NUM_THREADS": "1"}, "together"),
    "OpenMP's threads asleep while they wait": ({"OMP_WAIT_POLICY": "passive"}, "together"),
    "a share of the queries for each of our threads": ({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}, "apart"),
    "one thread alone": ({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}, "alone"),
}
# Slows a peer's library where somebody set it for another one.
NOT_PASSED_ON = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


@dataclasses.dataclass
class Row:
    """A piece of work. Each side is a function that gives the seconds for one item."""

    work: str
    unit: str  # "clips/s" and such, or "ms"
    sides: dict  # name: function; the first is Akin
    limit_name: str
    seconds: dict = dataclasses.field(default_factory=dict)  # name: list of measurements
    others: float = 0  # the largest share of the processors that others took during a measurement


class Failure(SystemExit):
    """A command failed; its message says how."""


class Bench:
    """The sides, and the temporary folder that everything is written to."""

    def __init__(self, arguments, folder):
        self.binaries = arguments.binaries.resolve()
        self.music = arguments.music and arguments.music.resolve()
        self.threads = arguments.threads
        self.seconds = arguments.seconds
        self.folder = folder
        self.held = {}
        self.inherited = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
        self.model = folder / "training" / "model.safetensors"
        self.environment = self.inherited | {
            "AKIN_LIBRARY": str(folder / "library.sqlite"), "XDG_CACHE_HOME": str(folder / "cache"),
        }  # fmt: skip
        self.answers = {}

    # Running

    def execute(self, command, environment, allowed=(0,)):
        """Its standard output."""
        done = subprocess.run(
            list(map(str, command)), env=environment | self.held, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True)
        if done.returncode not in allowed:
            raise Failure(f"{' '.join(map(str, command))} failed ({done.returncode}): {done.stderr.strip()[-2000:]}")
        return done.stdout

    def akin(self, *arguments, allowed=(0,)):
        """Runs the command line; its standard output and the seconds it took."""
        start = time.perf_counter()
        output = self.execute([self.binaries / "akin", *arguments], self.environment, allowed)
        return output, time.perf_counter() - start

    def loop(self, command, *flags, threads=None, **options):
        """Runs a command of akin-bench."""
        return self.measured(
            [self.binaries / "akin-bench", command], self.inherited, command, flags, threads or self.threads, options)

    def peer(self, command, threads=None, environment={}, **options):
        """Runs a command of peers.py."""
        script = pathlib.Path(__file__).resolve().parent / "peers.py"
        return self.measured(
            [sys.executable, script, command], self.inherited | environment, command, (), threads or self.threads,
            options)

    def measured(self, program, environment, command, flags, threads, options):
        named = itertools.chain(*((f"--{name.replace('_', '-')}", value) for name, value in options.items()))
        options = [*flags, "--threads", threads, *named, "--seconds", self.seconds]
        answer = json.loads(self.execute([*program, *options], environment).splitlines()[-1])
        if "--limit" not in flags:
            self.answers[pathlib.Path(program[-2]).name, command] = answer
        return answer.get("seconds")

    # What is measured on

    def prepare(self):
        """Songs, log-mels, a model."""
        if not self.music:
            self.music = self.folder / "music"
            self.execute([self.binaries / "akin-bench", "compose", self.music], self.inherited)
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

        if self.vectors["queries"].exists():
            return
        generator = np.random.default_rng(1)
        for name, count in (("vectors", VECTORS), ("queries", QUERIES)):
            generator.standard_normal((count, DIMENSION), np.float32).tofile(self.folder / f"{name}.f32")

    # What is measured

    def trials(self, wanted):
        """PyTorch's modes; the fastest is the peer."""
        found = {}
        for work, command, batch, _, peers in NETWORK_WORK:
            for environment, name in (({}, "as it comes"), (TUNED, "tuned allocator")):
                if not wanted(work) or name not in (peer for peer, _ in peers):
                    continue
                for mode in TRAINING_MODES if command == "training" else EMBEDDING_MODES:
                    try:
                        _, seconds = undisturbed(lambda: self.peer(
                            command, environment=environment, mode=mode, batch=batch, **self.network), tries=2)
                    except Failure as failure:
                        # torch.compile does not everywhere produce what works.
                        log(f"{command}, batch {batch}, PyTorch {mode}, {name}: {failure}")
                        continue
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

    def network_rows(self, trials, wanted):
        for work, command, batch, unit, peers in NETWORK_WORK:
            if wanted(work):
                yield Row(work, unit, {
                    "Akin": lambda c=command, b=batch: self.loop(c, batch=b, **self.network),
                    **dict(self.torch(trials, command, batch, *peer) for peer in peers),
                    "limit": lambda c=command, b=batch: self.loop(c, "--limit", batch=b, **self.network),
                }, "a direct convolution's multiply-adds at the processor's peak")  # fmt: skip

    def search_trials(self):
        """Ways to share a batch of queries between faiss's threads; the fastest is the peer."""
        for name, (environment, mode) in SEARCH_WAYS.items():
            _, seconds = undisturbed(
                lambda: self.peer("search", environment=environment, mode=mode, batch=QUERIES, **self.vectors), tries=2)
            log(f"faiss, {name}: {1000 * seconds:.3g} ms a query")
            yield name, seconds

    def rows(self):
        """All but the network's and the search."""
        samples = self.arrays["samples"]
        yield Row("log-mel of 30 s at 22,050 Hz, hop 1024, one core", "ms", {
            "Akin": lambda: self.loop("log-mel", threads=1, samples=samples),
            "librosa": lambda: self.peer("log-mel-spectrogram", threads=1, environment=ONE_THREAD, samples=samples),
            "limit": lambda: self.loop("log-mel", "--limit", threads=1, samples=samples),
        }, "FFmpeg's transforms alone")  # fmt: skip
        yield Row("30 s file → embedding in the catalogue, all cores", "songs/s", {
            "Akin": self.index,
            "librosa + PyTorch": lambda: self.peer(
                "files", environment=ONE_THREAD, mode="traced", files=self.folder / "some.json", **self.network),
            "limit": lambda: self.loop("decoding", files=self.folder / "files.json"),
        }, "decoding, mixing and resampling alone")  # fmt: skip

    def search_rows(self, trials):
        fastest = min(trials, key=trials.get)
        environment, mode = SEARCH_WAYS[fastest]
        for work, threads, batch, unit, peer, limit in (
            (f"top 10 of {VECTORS:,} × {DIMENSION}, one query, one core", 1, 1, "ms",
             ("faiss IndexFlatIP", {}, "together"), "reading a byte a value from memory"),
            (f"top 10 of {VECTORS:,} × {DIMENSION}, {QUERIES:,} queries in a batch, all cores", self.threads, QUERIES,
             "ms a query", (f"faiss IndexFlatIP, {fastest}", environment, mode),
             "multiply-adds in single precision at the peak"),
        ):
            name, environment, mode = peer
            yield Row(work, unit, {
                "Akin": lambda t=threads, b=batch: self.loop("search", threads=t, batch=b, **self.vectors),
                name: lambda t=threads, b=batch, e=environment, m=mode: self.peer(
                    "search", threads=t, batch=b, environment=e, mode=m, **self.vectors),
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
        """Cosines of both sides' embeddings of the same files, and common neighbours, where they were measured."""
        theirs = self.answers.get(("peers.py", "files"))
        if theirs:
            files = json.loads((self.folder / "some.json").read_text())[:4]
            lines = self.akin("embed", *files, "--model", self.model, "-j", self.threads)[0].splitlines()
            ours = {entry["path"]: entry["embedding"] for entry in map(json.loads, lines)}
            least = min(cosine(ours[file], other) for file, other in zip(files, theirs["first"], strict=True))
            yield "embeddings", f"embeddings of the same files by both sides: cosine at least {least:.5f}"
        if ("peers.py", "search") in self.answers:
            sides = (self.answers[side, "search"]["neighbors"] for side in ("akin-bench", "peers.py"))
            pairs = list(zip(*sides, strict=True))
            same = sum(a == b for a, b in pairs)
            yield "neighbours", f"neighbours: {same} of {len(pairs)} queries with the same ten in the same order"

    def machine(self):
        """The instruction set in use and the machine's limits."""
        command = [self.binaries / "akin-bench", "machine", "--threads", self.threads]
        return json.loads(self.execute(command, self.inherited))


# Work, akin-bench's and the peers' command for it, batch, unit, and PyTorch's allocator and mode (None: the fastest).
AS_IT_COMES, TUNED_FASTEST = ("as it comes", None), ("tuned allocator", None)
NETWORK_WORK = (
    ("training step, batch 32, semi-hard, SGD", "training", 32, "clips/s", (AS_IT_COMES, TUNED_FASTEST)),
    ("embedding log-mels, batch 32", "embedding", 32, "clips/s",
     (AS_IT_COMES, TUNED_FASTEST, ("tuned allocator", "traced"))),
    ("embedding one song alone", "embedding", 1, "ms", (AS_IT_COMES,)),
)  # fmt: skip


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
                others, seconds = undisturbed(function)
                row.seconds.setdefault(side, []).append(seconds)
                row.others = max(row.others, others)
                log(f"run {run + 1}: {row.work}, {side}: {1000 * seconds:.4g} ms; others took {others:.0%}")


def measure_rows(bench, rows, runs, results):
    rows = list(rows)
    if not rows:
        return
    facts = bench.machine()
    measure(rows, runs)
    for row in rows:
        results["rows"][f"{row.work}, {facts['instructionSet']}"] = {
            "work": row.work, "unit": row.unit, "limit": row.limit_name, "seconds": row.seconds, "runs": runs,
            "others": row.others, "processor": report.processor(), "instructionSet": facts["instructionSet"],
        }  # fmt: skip
    results["machine"][f"{report.processor()}, {facts['instructionSet']}"] = facts


def measure_network(bench, wanted, runs, results):
    """The network's work, in the instruction set that the processor has or is held to."""
    trials = bench.trials(wanted)
    measure_rows(bench, bench.network_rows(trials, wanted), runs, results)
    set_in_use = bench.machine()["instructionSet"]
    for (command, batch, name, mode), seconds in trials.items():
        results["modes"].setdefault(f"{command}, batch {batch}, {name}, {set_in_use}", {})[mode] = seconds


def measure_all(bench, arguments, results):
    """What `--only` asks for; each part adds to the results, and is kept even where a later one fails."""
    def wanted(name):
        return re.search(arguments.only, name) is not None

    network = [work for work, *_ in NETWORK_WORK if wanted(work)]
    others = [row for row in bench.rows() if wanted(row.work)]
    if network:
        measure_network(bench, wanted, arguments.runs, results)
        keep(arguments, results)
        if bench.machine()["instructionSet"].startswith("avx512"):
            # What most processors have.
            # What torch.compile left for the wider set would be used again, and fail.
            bench.held = HELD["avx2"] | {"TORCHINDUCTOR_CACHE_DIR": str(bench.folder / "inductor")}
            measure_network(bench, wanted, arguments.runs, results)
            bench.held = {}
            keep(arguments, results)
    measure_rows(bench, others, arguments.runs, results)
    keep(arguments, results)
    if wanted("top 10"):
        bench.write_vectors()
        trials = dict(bench.search_trials())
        results["search modes"] = trials
        measure_rows(bench, bench.search_rows(trials), arguments.runs, results)
        keep(arguments, results)
    for part in (indexing, startup, questions, serving, scaling):
        if wanted(part.__name__):
            results["tables"][part.__name__] = list(part.table(bench))
            keep(arguments, results)
    if wanted("maps"):
        results["tables"]["maps"] = list(tsne.table(bench.binaries, bench.threads, bench.folder))
        keep(arguments, results)
    results["notes"] |= dict(bench.agreement())


def keep(arguments, results):
    if arguments.results:
        arguments.results.write_text(json.dumps(results, indent=1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binaries", type=pathlib.Path, required=True, help="the folder of akin and akin-bench")
    parser.add_argument("--music", type=pathlib.Path, help="a folder of tagged 30 s files; else music is composed")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=2, help="of each measurement")
    parser.add_argument(
        "--only", default="",
        help="measure only what has this regular expression in its name: training, embedding, log-mel, file, top, "
        "indexing, startup, questions, serving, scaling, maps")
    parser.add_argument(
        "--results", type=pathlib.Path,
        help="JSON that the measurements are added to: a run in parts with --only makes one page of all")
    parser.add_argument("--output", type=pathlib.Path, help="the Markdown file to write")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the temporary folder goes
    if min(arguments.runs, arguments.threads, arguments.seconds) <= 0:
        parser.error("--runs, --threads and --seconds must be above 0")
    results = {"rows": {}, "modes": {}, "tables": {}, "notes": {}, "machine": {}}
    if arguments.results and arguments.results.exists():
        results = json.loads(arguments.results.read_text())
    with tempfile.TemporaryDirectory(prefix="akin-bench-") as folder:
        bench = Bench(arguments, pathlib.Path(folder).resolve())
        # Others at work on the same processors blur a measurement; the load average says so.
        load = os.getloadavg()[0]
        bench.prepare()
        measure_all(bench, arguments, results)
        versions = report.versions(bench.akin("--version")[0].strip())
        results["notes"] |= {"versions": versions, f"load {arguments.only}": report.load(arguments.only, load)}
        results["threads"] = arguments.threads
        results["command"] = f"make bench{' MUSIC=FOLDER' if arguments.music else ''}"
    keep(arguments, results)
    text = report.page(results)
    print(text)
    if arguments.output:
        arguments.output.write_text(text)


if __name__ == "__main__":
    main()
