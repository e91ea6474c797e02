#!/usr/bin/env python3
"""Songs per second of training and of indexing: Akin beside PyTorch and librosa, on this machine, in turns.

    python3 Benchmarks/compare.py --akin .build/release/akin --music FOLDER

Prints a Markdown table. README.md says what is measured and what each side is given.
"""

import argparse
import csv
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

CLASSES, SONGS_PER_CLASS, COPIES = 8, 8, 4  # an epoch: 256 songs
LIBROSA_FILES = 40
TUNED = {
    "MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "100000000000", "MALLOC_TOP_PAD_": "500000000",
}  # fmt: skip
# Librosa's workers are as many as Akin's threads: their libraries start no more of their own.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
COLUMNS = ["path", "artist", "album", "genre", "subgenre", "class"]


class Bench:
    """The two sides, and the temporary folder that everything is written to."""

    def __init__(self, arguments, folder):
        self.akin_binary = arguments.akin.resolve()
        self.music = arguments.music.resolve()
        self.threads = arguments.threads
        self.epochs = arguments.epochs
        self.folder = folder
        self.model = folder / "training" / "model.safetensors"
        self.environment = os.environ | {
            "AKIN_LIBRARY": str(folder / "library.sqlite"), "XDG_CACHE_HOME": str(folder / "cache"),
        }  # fmt: skip

    def akin(self, *arguments, allowed=(0,)):
        """Runs akin; its standard output and the seconds it took."""
        start = time.perf_counter()
        done = subprocess.run(
            [self.akin_binary, *map(str, arguments)], env=self.environment, capture_output=True, text=True)
        seconds = time.perf_counter() - start
        if done.returncode not in allowed:
            sys.exit(f"akin {arguments[0]} failed ({done.returncode}): {done.stderr.strip()}")
        return done.stdout, seconds

    def peer(self, command, environment={}, **options):
        """Runs a command of peers.py; what it says of itself."""
        script = pathlib.Path(__file__).resolve().parent / "peers.py"
        flags = itertools.chain(*((f"--{name.replace('_', '-')}", str(value)) for name, value in options.items()))
        done = subprocess.run(
            [sys.executable, script, command, "--threads", str(self.threads), *flags],
            env=os.environ | environment, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"peers.py {command} failed ({done.returncode})")
        return json.loads(done.stdout)

    # What is measured on

    def prepare(self):
        """Manifests, the files that librosa gets, and PyTorch's log-mels."""
        manifest = self.folder / "all.csv"
        self.akin(
            "dataset", "folder", self.music, "--class", "artist", "--minimum", SONGS_PER_CLASS, "-o", manifest,
            allowed=(0, 2))
        with manifest.open(newline="") as file:
            rows = sorted((row for row in csv.DictReader(file)), key=lambda row: row["class"])
        by_class = [list(songs) for _, songs in itertools.groupby(rows, key=lambda row: row["class"])]
        if len(by_class) < CLASSES:
            sys.exit(f"{self.music}: {len(by_class)} artists with {SONGS_PER_CLASS} songs; {CLASSES} are needed")
        songs = [self.folder / row["path"] for group in by_class[:CLASSES] for row in group[:SONGS_PER_CLASS]]
        self.write_manifests(songs)
        (self.folder / "songs.json").write_text(json.dumps(list(map(str, songs))))
        files = sorted(path for path in self.music.rglob("*") if path.suffix.lower() == ".mp3")
        step = max(1, len(files) // LIBROSA_FILES)
        (self.folder / "files.json").write_text(json.dumps(list(map(str, files[::step][:LIBROSA_FILES]))))
        self.peer("log_mels", files=self.folder / "songs.json", output=self.folder / "log-mels.npy")
        # The warm-up of ours: the cache of log-mels, a model, and the files in memory. The peers warm up inside.
        self.seconds_of_training("cross-entropy", 1)
        self.index_akin("mfcc")

    def write_manifests(self, songs):
        """Each song comes several times, by links. Validation has no class of the training: 64 songs are embedded."""
        links = self.folder / "links"
        links.mkdir()

        def write(name, entries):
            with (self.folder / name).open("w", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(COLUMNS)
                for link, target, label in entries:
                    (links / link).symlink_to(target)
                    writer.writerow([f"links/{link}", "", "", "", "", label])

        write("training.csv", [
            (f"{index}-{copy}{song.suffix}", song, f"class {index // SONGS_PER_CLASS}")
            for index, song in enumerate(songs) for copy in range(COPIES)
        ])  # fmt: skip
        for name in ("validation", "test"):
            write(f"{name}.csv", [(f"{name}{songs[0].suffix}", songs[0], "another")])

    # What is measured: songs per second

    def train_akin(self, objective):
        """Two trainings of different length: what start and end cost drops out of the difference."""
        short, long = (self.seconds_of_training(objective, 1 + extra) for extra in (0, self.epochs))
        return self.epochs * CLASSES * SONGS_PER_CLASS * COPIES / (long - short)

    def seconds_of_training(self, objective, epochs):
        strategy = {
            "cross-entropy": ["--strategy", "cross-entropy", "--pretrain-epochs", epochs],
            "semi-hard": ["--strategy", "semi-hard", "--pretrain-epochs", 1, "--epochs", epochs],
        }[objective]
        return self.akin(
            "train", self.folder / "training.csv", "--validation", self.folder / "validation.csv",
            "--test", self.folder / "test.csv", *strategy, "--hop-length", 1024, "--crop", 0,
            "--patience", 1000, "-o", self.folder / "training",
            "--restart", "--no-adopt", "--cache", self.folder / "log-mels", "-j", self.threads, "--quiet")[1]

    def train_torch(self, objective, environment):
        result = self.peer(
            "train", environment, log_mels=self.folder / "log-mels.npy", copies=COPIES, objective=objective,
            epochs=max(1, self.epochs // 2))
        return result["songs"] / result["seconds"]

    def index_akin(self, model):
        library = self.folder / "index.sqlite"
        for file in self.folder.glob("index.sqlite*"):
            file.unlink()
        output, seconds = self.akin(
            "index", self.music, "--library", library, "--model", model, "-j", self.threads, "--json", "--quiet",
            allowed=(0, 2))
        return json.loads(output)["added"] / seconds

    def index_peer(self, **options):
        result = self.peer("index", ONE_THREAD, files=self.folder / "files.json", **options)
        return result["songs"] / result["seconds"], result["first"]

    def agreement(self, model, embeddings):
        """The least cosine between both sides' embeddings of the same files: whether they did the same work."""
        files = json.loads((self.folder / "files.json").read_text())[: len(embeddings)]
        lines = self.akin("embed", "--model", model, *files)[0].splitlines()
        return min(cosine(json.loads(line)["embedding"], theirs) for line, theirs in zip(lines, embeddings))

    def pairs(self):
        """What is compared: a name, ours, and the peers, each a name and a function that gives songs per second."""
        for objective in ("cross-entropy", "semi-hard"):
            yield f"training, {objective}", lambda o=objective: self.train_akin(o), [
                ("PyTorch", lambda o=objective: self.train_torch(o, {})),
                ("PyTorch, tuned allocator", lambda o=objective: self.train_torch(o, TUNED)),
            ]
        yield "indexing, network", lambda: self.index_akin(self.model), [
            ("librosa + PyTorch", lambda: self.index_peer(model=self.model)[0])]  # fmt: skip
        yield "indexing, mfcc", lambda: self.index_akin("mfcc"), [("librosa", lambda: self.index_peer()[0])]


def cosine(a, b):
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    return dot / (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5


def measure(bench, runs, only):
    """(what, who, rates) of all that is compared, each side's turn before or after the other's by turns."""
    pairs = [pair for pair in bench.pairs() if only in pair[0]]
    rates = {(what, who): [] for what, _, peers in pairs for who in ("Akin", *(name for name, _ in peers))}
    for run in range(runs):
        for what, ours, peers in pairs:
            contenders = [("Akin", ours), *peers]
            for who, function in contenders if run % 2 == 0 else reversed(contenders):
                rates[what, who].append(function())
                print(f"run {run + 1}: {what}, {who}: {rates[what, who][-1]:.1f} songs/s", file=sys.stderr)
    return [(what, who, values) for (what, who), values in rates.items()]


def table(rates):
    """Markdown; the ratio is Akin's median over the peer's."""
    yield "| songs/s | | median | min | max | Akin is faster by |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    ours = {what: statistics.median(values) for what, who, values in rates if who == "Akin"}
    for what, who, values in rates:
        median = statistics.median(values)
        ratio = "" if who == "Akin" else f"{ours[what] / median:.2f} ×"
        yield f"| {what} | {who} | {median:.1f} | {min(values):.1f} | {max(values):.1f} | {ratio} |"


def machine(bench):
    """Processor, instruction set and versions, a line each."""
    model, flags = platform.processor() or platform.machine(), set()
    information = pathlib.Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                model = value.strip()
            elif key.strip() in ("flags", "Features"):
                flags = set(value.split())
    sets = [name for name in ("avx512f", "avx2", "fma", "asimd") if name in flags]
    yield f"- {model}, {os.cpu_count()} processors, {' '.join(sets) or platform.machine()}; {bench.threads} threads each"
    packages = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("torch", "librosa", "numpy"))
    yield f"- akin {bench.akin('--version')[0].strip()}; Python {platform.python_version()}, {packages}"
    # Others at work on the same processors blur a measurement; the load average says so.
    yield f"- load average before: {os.getloadavg()[0]:.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--akin", type=pathlib.Path, required=True, help="the release binary")
    parser.add_argument("--music", type=pathlib.Path, required=True, help="a folder of tagged MP3 files")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", default="", help="measure only what has this in its name, such as indexing")
    parser.add_argument("--epochs", type=int, default=4, help="of 256 songs, measured for ours; half for PyTorch")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the temporary folder goes
    if min(arguments.runs, arguments.threads, arguments.epochs) < 1:
        parser.error("--runs, --threads and --epochs must be at least 1")
    with tempfile.TemporaryDirectory(prefix="akin-compare-") as folder:
        bench = Bench(arguments, pathlib.Path(folder).resolve())
        notes = list(machine(bench))
        bench.prepare()
        rates = measure(bench, arguments.runs, arguments.only)
        network = bench.agreement(bench.model, bench.index_peer(model=bench.model)[1])
        mfcc = bench.agreement("mfcc", bench.index_peer()[1])
        notes.append(f"- both sides' vectors of the same files: cosine at least {network:.5f} (network), {mfcc:.5f} (mfcc)")
        print("\n".join([*table(rates), "", *notes]))


if __name__ == "__main__":
    main()
