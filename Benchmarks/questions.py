#!/usr/bin/env python3
"""What every question costs among 100,000 songs: the whole process, its start included, on an invented collection.

    questions.py LIBRARY          times every command on a library that `collection.py make` wrote
    make bench                    does the same on a collection that is fitted to MUSIC (see bench.py)
"""

import os
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import collection
from quiet import undisturbed

SONGS, RUNS = 100_000, 7


def table(bench):
    """Markdown: the milliseconds of every question, index ready and cache warm."""
    library = invented(bench)
    times = list(copies(bench.binaries / "akin", library))
    yield from rows(bench.binaries / "akin", library)
    yield from ("", *times)


def invented(bench):
    """A library of invented songs that lie as those of the music do; made once."""
    library, real = bench.folder / "questions.sqlite", bench.folder / "real.sqlite"
    if not library.exists():
        bench.akin("index", bench.music, "--library", real, "--quiet", allowed=(0, 2))
        collection.make(collection.fit(real), SONGS, library)
    return library


def copies(akin, library):
    """Markdown: how long `akin index` compares all fingerprints of the invented songs, a tenth of them copies."""
    environment = os.environ | {"AKIN_LIBRARY": str(library)}
    subprocess.run([akin.parent / "akin-bench", "copies", "--count", str(SONGS), "--library", library], check=True)
    for name in ("all fingerprints new", "none new"):
        command = [akin, "index", "--quiet"]
        _, taken = undisturbed(lambda: timed(lambda: subprocess.run(command, env=environment)), tries=1)
        yield f"`akin index` of {SONGS:,} songs that are away, {name}: {taken / 1000:.1f} s"


def rows(akin, library):
    environment = os.environ | {"AKIN_LIBRARY": str(library)}

    def ask(*arguments):
        done = subprocess.run([akin, *arguments, "--quiet"], env=environment, capture_output=True, text=True)
        if done.returncode != 0 or not done.stdout:
            sys.exit(f"akin {' '.join(map(str, arguments))} failed ({done.returncode}): {done.stderr.strip()[-500:]}")
        return done.stdout

    yield f"| among {SONGS:,} songs, ms | median | min | max |"
    yield "| --- | ---: | ---: | ---: |"
    with tempfile.TemporaryDirectory() as folder:
        playlist = pathlib.Path(folder) / "list.m3u8"

        def measured(arguments, paths):
            playlist.write_text("\n".join(paths) + "\n")  # --extend adds to it
            return timed(lambda: ask(*arguments))

        for name, arguments, paths in questions(library, playlist):
            measured(arguments, paths)  # makes the packed file, and warms the cache
            _, found = undisturbed(lambda: [measured(arguments, paths) for _ in range(RUNS)], tries=3)
            yield f"| {name} | {statistics.median(found):.0f} | {min(found):.0f} | {max(found):.0f} |"
            print(name, *(f"{value:.0f}" for value in found), file=sys.stderr)


def questions(library, playlist):
    """The name of each, its arguments, and the songs of the playlist, about songs all over the collection and the largest
    genre."""
    database = sqlite3.connect(f"file:{library}?mode=ro", uri=True)
    paths = [row[0] for row in database.execute("SELECT path FROM track WHERE id % 20011 = 500 ORDER BY id")]
    artist, album, title = database.execute("SELECT artist, album, title FROM track WHERE id = 50000").fetchone()
    (genre,) = [row[0] for row in database.execute(
        "SELECT genre FROM track GROUP BY genre ORDER BY count(*) DESC LIMIT 1")]
    database.close()
    for name, arguments in named(paths, artist, album, title, genre, playlist):
        yield name, arguments, paths


def named(paths, artist, album, title, genre, playlist):
    like = ["similar", paths[0]]
    yield "`similar` a song by its path", like
    yield "by words of its title", ["similar", title]
    yield "three songs", ["similar", *paths[:3]]
    yield "an artist", ["similar", "--artist", artist]
    yield "an album", ["similar", "--album", album]
    yield "a genre of the largest", ["similar", f"genre:{genre}"]
    yield "a playlist as seed", ["similar", playlist]
    yield "`--unlike` a song", [*like, "--unlike", paths[1]]
    yield "similar artists", ["similar", "--artist", artist, "--artists"]
    yield "similar albums", ["similar", "--album", album, "--albums"]
    yield "filters: genre, years, length", [*like, "--genre", genre, "--years", "1970-1999", "--duration", "-5:00"]
    yield "`--not-genre`, of the largest", [*like, "--not-genre", genre]
    yield "`--weights` of rhythm alone", [*like, "--weights", "timbre=0,spectrum=0"]
    yield "`--weights` of all", [*like, "--weights", "timbre=1,spectrum=0.5,rhythm=0.5"]
    yield "`--why`", [*like, "--why"]
    yield "`describe` a song", ["describe", paths[0]]
    yield "`--variety 0.5`", [*like, "--variety", "0.5"]
    yield "`--surprise 0.5`", [*like, "--surprise", "0.5"]
    yield "`playlist`, 30 songs", ["playlist", paths[0], "-n", "30"]
    yield "two hours of a genre", ["playlist", f"genre:{genre}", "--minutes", "120"]
    yield "`--extend` a playlist", ["playlist", "--extend", playlist]
    path = ["playlist", "--from", paths[0], "--to", paths[3]]
    yield "a path of 20 songs", [*path, "-n", "20"]
    yield "a path of 30 through four", [*path, "--via", paths[1], "--via", paths[2], "-n", "30"]
    yield "`duplicates`", ["duplicates"]
    yield "`list genres`", ["list", "genres"]
    yield "`status`", ["status"]
    yield "`akin --version`: the start alone", ["--version"]


def timed(function):
    start = time.perf_counter()
    function()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    binary = pathlib.Path(__file__).resolve().parent.parent / ".build/release/akin"
    library = pathlib.Path(sys.argv[1])
    print("\n".join([*copies(binary, library), "", *rows(binary, library)]))
