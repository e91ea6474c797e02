"""How soon `akin similar` answers: the whole process, among 100,000 songs drawn at random, which is the worst case."""

import json
import random
import sqlite3
import statistics
import time

from quiet import undisturbed

SONGS, RUNS = 100_000, 9
WORDS = (
    "love night blue river fire dance dream road light heart "
    "time rain gold sky home wild moon star deep sound").split()


def table(bench):
    """Markdown: milliseconds, by a song's path and by words of its title."""
    yield f"| `akin similar` among {SONGS:,} songs, ms | by path: median, min, max | by words: median, min, max |"
    yield "| --- | --- | --- |"
    for name, model in (
        ("a network", bench.model), ("MFCC", "mfcc-standardised"), ("the descriptor", "descriptor"),
        ("the default", "akin"),
    ):  # fmt: skip
        path, words, dimension = make(bench, model)
        cells = [figures(bench, model, song) for song in (path, words)]
        yield f"| {name}, {dimension:,} numbers a song | {cells[0]} | {cells[1]} |"
    yield f"| of it the start of the process: `akin --version` | {times(lambda: bench.akin('--version'))} | |"


def make(bench, model):
    """Indexes one song, so that the catalogue has its form, and adds made-up ones; a path and words to ask for, and how
    many numbers a song has."""
    bench.remove_library()
    bench.akin("index", json.loads((bench.folder / "files.json").read_text())[0], "--model", model, "--quiet")
    database = sqlite3.connect(bench.folder / "library.sqlite")
    key, dimension = database.execute("SELECT id, dimension FROM model").fetchone()
    columns = [row[1] for row in database.execute("PRAGMA table_info(track)")]
    generator = random.Random(1)
    template = dict(zip(columns, database.execute("SELECT * FROM track").fetchone(), strict=True))
    insert = f"INSERT INTO track ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    with database:
        for number in range(2, SONGS + 1):
            title = " ".join(generator.choices(WORDS, k=3)) + f" {number}"
            artist = f"{generator.choice(WORDS)} {number // 20}"
            song = template | {
                "id": number, "path": f"/music/{artist}/{title}.flac", "title": title, "artist": artist,
                "searchText": f"{title}\n{artist}\n{artist}",
            }  # fmt: skip
            database.execute(insert, [song[column] for column in columns])
            database.execute(
                "INSERT INTO embedding (model, track, vector) VALUES (?, ?, ?)",
                (key, number, vector(generator, dimension)))
    database.close()
    return song["path"], title, dimension


def vector(generator, dimension):
    import numpy as np  # as late as in the other modules: the driver itself does without

    return np.random.default_rng(generator.getrandbits(32)).random(dimension, np.float32).tobytes()


def figures(bench, model, song):
    command = ["similar", song, "--model", model, "--quiet"]
    bench.akin(*command)  # makes the packed file
    return times(lambda: bench.akin(*command))


def timed(function):
    start = time.perf_counter()
    function()
    return 1000 * (time.perf_counter() - start)


def times(function):
    """All runs in one quiet stretch."""
    _, found = undisturbed(lambda: [timed(function) for _ in range(RUNS)], tries=3)
    return f"{statistics.median(found):.0f}, {min(found):.0f}, {max(found):.0f}"
