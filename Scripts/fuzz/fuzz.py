#!/usr/bin/env python3
"""Damages what akin reads, and asks it: fuzz.py AKIN [--count N] [--seed S] [--kinds KIND,…] [--keep FOLDER]

Every mutant must give the answer of what was whole, or a clear error: an exit status from 1 to 127 and a line on
standard error. It must never crash, hang, or give another answer without a word. What "another answer" is:

  model       `embed --model FILE`: the vector and the model's identifier.
  stored      the same for a model that the library stores.
  index       `similar`: paths and similarities. An index never gives an error either: it is made anew.
  library     `similar`, with and without an index: the songs and all that is said of them.
  checkpoint  `train`, continued: the model's bytes.
  manifest    `evaluate`: the measures, if the mutant is the same table for Python's csv module. Otherwise it is another
              manifest, or none: it must only not crash or hang.
  run         `experiment`, made again from its folder: the spreadsheets of the report.

Needs nothing but Python. Mutants that fail are kept.
"""

import argparse
import csv
import io
import json
import math
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import wave

TIME_LIMIT = 60


def song(path, kind, variant):
    """Two seconds of a chord that pulsates."""
    pitch, tempo = 110 * 2 ** (0.7 * kind) * (1 + 0.01 * variant), 2 + 3 * kind + 0.1 * variant
    frames = bytearray()
    for place in range(2 * 11_025):
        time = place / 11_025
        tone = sum(math.sin(2 * math.pi * pitch * n * time) / n for n in (1, 2, 3, 4))
        frames += struct.pack("<h", int(5000 * tone * (0.6 + 0.4 * math.sin(2 * math.pi * tempo * time))))
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(11_025)
        file.writeframes(bytes(frames))


class Mutator:
    """Changes bytes in one of many ways."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def place(self, data):
        """Anywhere, but often in a header."""
        return self.random.randrange(min(len(data), self.random.choice([100, 1000, len(data), len(data), len(data)])))

    def bytes(self, data):
        way = self.random.choice([
            self.flip, self.flip, self.run, self.run, self.truncate, self.zero, self.swap, self.double, self.word,
            self.extend, self.text,
        ])  # fmt: skip
        return bytes(way(bytearray(data))) if data else b"\0"

    def flip(self, data):
        for _ in range(self.random.choice([1, 1, 1, 8])):
            data[self.place(data)] ^= 1 << self.random.randrange(8)
        return data

    def run(self, data):
        start, length = self.place(data), self.random.choice([1, 4, 64, 2000])
        data[start : start + length] = self.random.randbytes(len(data[start : start + length]))
        return data

    def truncate(self, data):
        return data[: self.random.choice([self.place(data), len(data) - 1, len(data) // 2])]

    def extend(self, data):
        return data + self.random.choice([b"\0", b"\0" * 4096, self.random.randbytes(100)])

    def zero(self, data):
        start = self.random.randrange(len(data)) // 4096 * 4096
        data[start : start + 4096] = bytes(len(data[start : start + 4096]))
        return data

    def swap(self, data):
        size = self.random.choice([4, 64, 4096])
        one, two = sorted(self.random.randrange(max(1, len(data) // size)) * size for _ in range(2))
        first, second = data[one : one + size], data[two : two + size]
        if one < two and len(first) == len(second):
            data[one : one + size], data[two : two + size] = second, first
        return data

    def double(self, data):
        start = self.place(data)
        part = data[start : start + self.random.choice([1, 16, 4096])]
        return data[:start] + part + data[start:]

    def word(self, data):
        start = self.place(data) // 4 * 4
        value = self.random.choice([0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0x7F800000, 0x7FC00000, self.random.getrandbits(32)])
        data[start : start + 4] = struct.pack("<I", value)[: len(data[start : start + 4])]
        return data

    def text(self, data):
        """Replaces a number or a letter by something that may mean much."""
        start = self.place(data)
        data[start : start + 1] = self.random.choice([b"-", b"9" * 30, b"1e999", b'"', b"[", b"{" * 2000, b"null"])
        return data

    def table(self, data):
        """What may happen to a CSV file."""
        way = self.random.randrange(8)
        lines = data.split(b"\n")
        row = self.random.randrange(len(lines))
        if way == 0:
            lines[row] = lines[row].replace(b",", self.random.choice([b";", b"\t", b",,", b""]), 1)
        elif way == 1:
            lines[row] = self.random.choice([b'"', b"'", b'""']) + lines[row]
        elif way == 2:
            lines[row] += self.random.choice([b"\0", b"\xff\xfe", b"\r", b"\xe2\x80\xa8", b"x" * 2_000_000])
        elif way == 3:
            return b"\xef\xbb\xbf" + data
        elif way == 4:
            return data.decode().encode(self.random.choice(["utf-16", "utf-16-le", "utf-32"]))
        elif way == 5:
            return data.replace(b"\n", self.random.choice([b"\r\n", b"\r", b"\n\n"]))
        elif way == 6:
            self.random.shuffle(lines)
        else:
            return self.bytes(data)
        return b"\n".join(lines)

    def structure(self, value):
        """JSON of which one value has another type, or is missing."""
        places = []

        def walk(node):
            for key in node if isinstance(node, dict) else range(len(node)):
                places.append((node, key))
                if isinstance(node[key], (dict, list)):
                    walk(node[key])

        if isinstance(value, (dict, list)) and value:
            walk(value)
            node, key = self.random.choice(places)
            if self.random.random() < 0.2:
                del node[key]
            else:
                node[key] = self.random.choice([None, -1, 1 << 70, 0.5, "", "x" * 100_000, [], {}, [[]], True])
        return value

    def json(self, data):
        if self.random.random() < 0.5:
            return self.bytes(data)
        return json.dumps(self.structure(json.loads(data))).encode()


class Fuzzer:
    def __init__(self, akin, folder, seed):
        self.akin, self.folder, self.seed = os.path.abspath(akin), folder, seed
        self.failures, self.counts = [], {}
        self.random = random.Random(seed)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *arguments):
        try:
            done = subprocess.run(
                [self.akin, *arguments], capture_output=True, timeout=TIME_LIMIT, stdin=subprocess.DEVNULL,
                env=os.environ | {"AKIN_LIBRARY": self.path("none.sqlite")})  # fmt: skip
            return done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired:
            return "hang", b"", b""

    def must(self, *arguments):
        status, output, error = self.run(*arguments)
        if status != 0:
            sys.exit(f"akin {' '.join(arguments)}: {status}\n{error.decode(errors='replace')}")
        return output

    def prepare(self):
        os.makedirs(self.path("music"))
        rows = [["path", "class"]]
        for kind in range(3):
            for variant in range(6):
                name = f"music/{kind}-{variant}.wav"
                song(self.path(name), kind, variant)
                rows.append([self.path(name), f"kind {kind}"])
        self.song = self.path("music/1-3.wav")
        with open(self.path("songs.csv"), "w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        self.library = self.path("library.sqlite")
        self.must("index", self.path("music"), "--library", self.library, "-q")
        self.must("train", self.path("songs.csv"), "--model", "descriptor", "--all", "--no-adopt", "-q", "-o",
                  self.path("learned"))  # fmt: skip

    # What each kind needs, and how one mutant of it is made and judged: a line if it fails.

    def judge(self, result, whole, view=lambda output: output, same=True, error=True):
        status, output, message = result
        if status == "hang":
            return f"it ran longer than {TIME_LIMIT} s"
        if not isinstance(status, int) or status < 0 or status >= 128:
            return f"it crashed: {status}"
        if b"Fatal error" in message:
            return "it crashed: " + message.decode(errors="replace")[-300:]
        if status != 0:
            if not error:
                return f"an error ({status}) where none is needed: " + message.decode(errors="replace")[:300]
            return None if message.strip() else f"status {status} without a word"
        if same:
            try:
                found = view(output)
            except (ValueError, KeyError, TypeError) as problem:
                return f"an answer that cannot be read: {problem}"
            if found != whole:
                return "another answer in silence"
        return None

    @staticmethod
    def answers(output):
        return [(song["path"], song["similarity"]) for song in json.loads(output)]

    def similar(self):
        return self.run("similar", self.song, "--library", self.path("mutant.sqlite"), "-n", "20", "--json")

    def restore(self, *files):
        for name in os.listdir(self.folder):
            if name.startswith("mutant"):
                path = self.path(name)
                shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
        for source, target in files:
            shutil.copy(source, self.path(target))

    def mutate(self, name, way):
        with open(self.path(name), "rb") as file:
            data = file.read()
        changed = way(data)
        with open(self.path(name), "wb") as file:
            file.write(changed)
        return changed

    def model(self, mutator, whole):
        self.restore((self.path("learned/model.safetensors"), "mutant.safetensors"))
        self.mutate("mutant.safetensors", mutator.bytes)
        result = self.run("embed", self.song, "--model", self.path("mutant.safetensors"))
        return self.judge(result, whole)

    def whole_model(self):
        return self.must("embed", self.song, "--model", self.path("learned/model.safetensors"))

    def index(self, mutator, whole):
        (index,) = [name for name in os.listdir(self.folder) if name.startswith("library.sqlite-") and "index" in name]
        mutant = index.replace("library", "mutant", 1)
        self.restore((self.library, "mutant.sqlite"), (self.path(index), mutant))
        self.mutate(mutant, mutator.bytes)
        return self.judge(self.similar(), whole, self.answers, error=False)

    def whole_index(self):
        return self.answers(self.must("similar", self.song, "--library", self.library, "-n", "20", "--json"))

    def library_(self, mutator, whole):
        (index,) = [name for name in os.listdir(self.folder) if name.startswith("library.sqlite-") and "index" in name]
        files = [(self.library, "mutant.sqlite")]
        if mutator.random.random() < 0.5:
            files.append((self.path(index), index.replace("library", "mutant", 1)))
        self.restore(*files)
        self.mutate("mutant.sqlite", mutator.bytes)
        return self.judge(self.similar(), whole, json.loads)

    def whole_library(self):
        return json.loads(self.must("similar", self.song, "--library", self.library, "-n", "20", "--json"))

    def whole_stored(self):
        shutil.copy(self.library, self.path("stored.sqlite"))
        self.must("train", self.path("songs.csv"), "--model", "descriptor", "--all", "-q", "-o", self.path("again"),
                  "--library", self.path("stored.sqlite"))  # fmt: skip
        return self.must("embed", self.song, "--library", self.path("stored.sqlite"))

    def stored(self, mutator, whole):
        self.restore((self.path("stored.sqlite"), "mutant.sqlite"))
        with open(self.path("learned/model.safetensors"), "rb") as file:
            part = file.read()[-400:-200]
        with open(self.path("mutant.sqlite"), "rb") as file:
            data = file.read()
        # The model's bytes, which lie in pages of the library.
        start = data.find(part)
        assert start >= 0, "the model is not in the library"
        first = max(0, start - mutator.random.randrange(100_000))
        size = start + 400 - first
        changed = mutator.flip(bytearray(data[first : first + size]))
        with open(self.path("mutant.sqlite"), "wb") as file:
            file.write(data[:first] + bytes(changed) + data[first + size :])
        return self.judge(self.run("embed", self.song, "--library", self.path("mutant.sqlite")), whole)

    def whole_manifest(self):
        self.table = self.rows(open(self.path("songs.csv"), "rb").read())
        return self.must("evaluate", self.path("songs.csv"), "--model", "mfcc", "--json", "-q")

    @staticmethod
    def rows(data):
        try:
            return [row for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) if row]
        except (UnicodeDecodeError, csv.Error):
            return None

    def manifest(self, mutator, whole):
        self.restore((self.path("songs.csv"), "mutant.csv"))
        changed = self.mutate("mutant.csv", mutator.table)
        result = self.run("evaluate", self.path("mutant.csv"), "--model", "mfcc", "--json", "-q")
        return self.judge(result, whole, same=self.rows(changed) == self.table)

    TRAINING = ("--preset", "standard", "--pretrain-epochs", "1", "--epochs", "1", "--no-adopt", "-q")

    def whole_checkpoint(self):
        self.must("train", self.path("songs.csv"), "-o", self.path("training"), *self.TRAINING)
        return open(self.path("training/model.safetensors"), "rb").read()

    def checkpoint(self, mutator, whole):
        self.restore()
        shutil.copytree(self.path("training"), self.path("mutant"))
        os.remove(self.path("mutant/model.safetensors"))
        name = mutator.random.choice(["checkpoint.safetensors"] * 3 + ["run.json", "history.csv"])
        self.mutate("mutant/" + name, mutator.json if name.endswith("json") else mutator.bytes)
        result = self.run("train", self.path("songs.csv"), "-o", self.path("mutant"), *self.TRAINING)
        trained = b""
        if result[0] == 0:
            trained = open(self.path("mutant/model.safetensors"), "rb").read()
        return self.judge((result[0], trained, result[2]), whole)

    def experiment(self, folder):
        return self.run("experiment", self.path("songs.csv"), "--strategies", "mfcc", "descriptor", "--repeats", "1", "-q",
                        "-o", self.path(folder))  # fmt: skip

    def whole_run(self):
        status, _, message = self.experiment("experiment")
        if status != 0:
            sys.exit(message.decode(errors="replace"))
        return self.spreadsheets("experiment")

    def spreadsheets(self, folder):
        """The report's tables as files."""
        found = {}
        for at, folders, names in os.walk(self.path(folder)):
            folders[:] = [name for name in folders if name not in ("runs", "vectors", "maps")]
            for name in names:
                if name.endswith(".csv") and name != "songs.csv":
                    found[name] = open(os.path.join(at, name), "rb").read()
        assert found or folder != "experiment", "the report has no spreadsheets"
        return found

    def run_(self, mutator, whole):
        self.restore()
        shutil.copytree(self.path("experiment"), self.path("mutant"))
        kept = [self.path("mutant/experiment.json"), self.path("mutant/songs.csv")]
        for part in ("runs", "vectors", "maps"):
            for at, _, names in os.walk(self.path("mutant/" + part)):
                kept += [os.path.join(at, name) for name in names if name.endswith((".json", ".npy"))]
        name = os.path.relpath(mutator.random.choice(sorted(kept)), self.folder)
        self.mutate(name, mutator.json if name.endswith("json") else mutator.bytes)
        status, _, message = self.experiment("mutant")
        return self.judge((status, self.spreadsheets("mutant"), message), whole)

    KINDS = {
        "model": (whole_model, model), "stored": (whole_stored, stored), "index": (whole_index, index),
        "library": (whole_library, library_), "manifest": (whole_manifest, manifest),
        "checkpoint": (whole_checkpoint, checkpoint), "run": (whole_run, run_),
    }  # fmt: skip

    def fuzz(self, kind, count, keep):
        whole, mutant = self.KINDS[kind]
        whole = whole(self)
        failures = 0
        for number in range(count):
            seed = f"{self.seed} {kind} {number}"
            failure = mutant(self, Mutator(seed), whole)
            if failure:
                failures += 1
                print(f"{kind} {number}: {failure}", flush=True)
                target = os.path.join(keep, f"{kind}-{number}")
                os.makedirs(target, exist_ok=True)
                for name in os.listdir(self.folder):
                    if name.startswith("mutant"):
                        source = self.path(name)
                        copy = shutil.copytree if os.path.isdir(source) else shutil.copy
                        copy(source, os.path.join(target, name))
        print(f"{kind}: {count} mutants, {failures} failures", flush=True)
        return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("akin")
    parser.add_argument("--count", type=int, default=1000, help="mutants of each kind")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--kinds", default=",".join(Fuzzer.KINDS))
    parser.add_argument("--keep", default="fuzz-failures", help="where mutants that fail are kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="akin-fuzz-") as folder:
        fuzzer = Fuzzer(options.akin, folder, options.seed)
        fuzzer.prepare()
        failures = sum(fuzzer.fuzz(kind, options.count, options.keep) for kind in options.kinds.split(","))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
