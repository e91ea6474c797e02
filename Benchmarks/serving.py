#!/usr/bin/env python3
"""How `akin serve` holds under load, among 100,000 invented songs: answers a second by wrk, memory over ten minutes,
fifty listeners while it indexes; and beside supysonic.

    serving.py LIBRARY [--brief]   on a library that `collection.py make` wrote; --brief: a minute, wrk alone
    make bench                     on a collection that is fitted to MUSIC (see bench.py)
"""

import argparse
import os
import pathlib
import sqlite3
import statistics
import sys

import listening
import peer_server
import questions
import served
import soak
from quiet import undisturbed

CONNECTIONS, REPEATED = 16, 1000
AGAIN = " again and again"
# How many songs are asked about at most in a turn, where each is new.
NEW_SONGS = 8000


def table(bench):
    """Markdown: all of it."""
    library = questions.invented(bench)
    akin = bench.binaries / "akin"
    with_copies(akin, library)
    yield from answers(akin, library, runs=3, seconds=8)
    yield ""
    yield from soak.table(akin, library, minutes=10)
    yield ""
    yield from listening.table(akin, bench.music, bench.folder, library)
    yield ""
    yield from peer_server.table(akin, bench.folder)


def with_copies(akin, library):
    """A tenth of the songs are copies, as in the questions."""
    with sqlite3.connect(library) as database:
        (count,) = database.execute("SELECT count(*) FROM recording").fetchone()
    database.close()
    if count == 0:
        for line in questions.copies(akin, library):
            print(line, file=sys.stderr)


def works(asked):
    """What is asked, by name: functions that give the paths of a turn, and of a turn of one connection."""
    many, few = lambda: asked.new(NEW_SONGS), lambda: asked.new(500)
    again = asked.new(REPEATED)

    def same(paths):
        return (lambda: paths), (lambda: paths)

    return {
        "`songs/ID/similar`, 20 songs, each song new": (lambda: asked.similar(many()), lambda: asked.similar(few())),
        "`getSimilarSongs2`, 50 songs, each song new": (
            lambda: asked.similar_songs(many()), lambda: asked.similar_songs(few())),
        "`getSonicSimilarTracks`, 20 songs, each song new": (lambda: asked.sonic(many()), lambda: asked.sonic(few())),
        f"`songs/ID/similar`, {REPEATED:,} songs{AGAIN}": same(asked.similar(again)),
        f"`getSimilarSongs2`, {REPEATED:,} songs{AGAIN}": same(asked.similar_songs(again)),
        "`search3`, pages of 500 songs": same(asked.all_songs()),
        "`search3`, two words": same(asked.search()),
        "`search`, two words": same(asked.page_search()),
        "`getAlbumList2`, 500 albums by name": same(asked.albums("alphabeticalByName")),
        "`getAlbumList2`, 500 newest albums": same(asked.albums("newest")),
        "`getAlbumList2`, 500 random albums": same(asked.albums("random")),
        "`albums`, 100 by name": same(asked.page_albums()),
        "`getSong`": same(asked.song()),
    }


def answers(akin, library, runs, seconds, only=""):
    """Markdown: answers a second and how long they take."""
    yield (
        f"| {CONNECTIONS} connections | answers/s: median, min, max | median, ms | 99 of 100 within, ms | "
        "one connection, ms |")
    yield "| --- | ---: | ---: | ---: | ---: |"
    asked = served.Questions(library)
    with served.server(akin, library) as server:
        served.ask(server.url, "/api/v1/status")
        for name, (paths, few) in works(asked).items():
            if only not in name:
                continue
            if name.endswith(AGAIN):
                served.ask_all(server.url, paths())
            alone = served.wrk(server.url, few(), 1, max(1, seconds // 3))
            found = []
            for _ in range(runs):
                measured = lambda: served.wrk(server.url, paths(), CONNECTIONS, seconds)
                others, turn = undisturbed(measured, tries=2, running=[server.pid]) if runs > 1 else (None, measured())
                found.append(turn)
                print(name, turn, f"others {others}, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
            rates = sorted(turn["answers"] / turn["seconds"] for turn in found)
            cells = ", ".join(f"{rate:,.0f}" for rate in (statistics.median(rates), rates[0], rates[-1]))
            median, slowest = (statistics.median(turn[key] for turn in found) for key in ("median", "p99"))
            yield f"| {name} | {cells} | {median:.1f} | {slowest:.1f} | {alone['median']:.1f} |"
        everything, own = served.memory(server.pid)
        yield ""
        yield (
            f"wrk and the server share {os.cpu_count()} cores. Memory at the end: {everything / 1e6:.0f} MB, of which "
            f"{own / 1e6:.0f} MB are not the mapped vectors.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("library", type=pathlib.Path)
    parser.add_argument("--brief", action="store_true", help="a minute: one short turn each, wrk alone")
    parser.add_argument("--only", default="", help="what has this in its name")
    parser.add_argument("--music", type=pathlib.Path, help="a folder of real music, for the listeners")
    parser.add_argument("--minutes", type=float, default=10, help="of mixed load")
    parser.add_argument(
        "--akin", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent / ".build/release/akin")
    arguments = parser.parse_args()
    turns, length = (1, 3) if arguments.brief else (3, 8)
    for line in answers(arguments.akin, arguments.library, turns, length, arguments.only):
        print(line, flush=True)
    if not arguments.brief and not arguments.only:
        for line in soak.table(arguments.akin, arguments.library, arguments.minutes):
            print(line, flush=True)
        with served.temporary_folder() as folder:
            if arguments.music:
                heard = listening.table(arguments.akin, arguments.music, folder, arguments.library)
                print("\n".join(heard), flush=True)
            print("\n".join(peer_server.table(arguments.akin, folder)), flush=True)
