#!/usr/bin/env python3
"""Measures what `akin learn` gains on artists whose tags it has not seen: evaluate.py AKIN WORK FOLDER…

AKIN is the program, WORK a folder to work in, and each FOLDER a collection as ../default-model/manifest.py reads it;
give two or more, or none of them has a model that was learned without it. Each collection is indexed with the
descriptor as learned from the other collections alone. Four times, the songs of a quarter of the artists lose their
tags; the library learns from the others' (`akin learn`, which chooses and decides by itself), and the songs without
tags ask among all (`akin similar`): for their artist, and for their genre without their artist's songs. All of it goes
through the program. Prints a table in Markdown. Needs numpy and the program ffmpeg, which writes the tags.
"""

import concurrent.futures
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "default-model"))
from evaluate import FOLDS, Judge, interval, write  # noqa: E402
from manifest import songs as songs_of  # noqa: E402

MEASURES = ["artists", "genres"]
COLUMNS = [0, 3]


class Library:
    """A collection's songs as copies with tags of our own, and a library of them."""

    def __init__(self, akin, folder, rows):
        self.akin, self.folder, self.rows = akin, Path(folder).resolve(), rows
        self.music = self.folder / "music"
        self.music.mkdir(parents=True, exist_ok=True)
        self.paths = [self.music / f"{place:04}{Path(r['path']).suffix}" for place, r in enumerate(rows)]
        self.places = {str(path): place for place, path in enumerate(self.paths)}

    def run(self, *arguments, allowed=(0,)):
        command = [self.akin, *map(str, arguments)]
        environment = dict(os.environ, AKIN_LIBRARY=str(self.folder / "library.sqlite"))
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode not in allowed:
            sys.exit(f"{' '.join(command)} failed: {done.stderr}")
        return done.stdout

    def tag(self, tagged):
        """Writes the files: with the tags of the rows where `tagged` says so, and without any elsewhere."""

        def one(place):
            row, path = self.rows[place], self.paths[place]
            tags = {k: row[k] for k in ("artist", "album", "genre") if row[k]} if tagged[place] else {}
            options = [part for key, value in tags.items() for part in ("-metadata", f"{key}={value}")]
            new = path.with_name("new-" + path.name)
            subprocess.run(
                ["ffmpeg", "-v", "error", "-y", "-i", row["path"], "-map", "0:a", "-map_metadata", "-1",
                 "-map_metadata:s:a", "-1", "-c", "copy", *options, new], check=True)
            new.replace(path)

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(one, range(len(self.rows))))
        self.run("index", self.music, "-q")

    def similarity(self, queries):
        """The rank of each song for each query, negative; songs that are not shown come last."""
        result = np.full((len(self.rows), len(self.rows)), -1e9)
        for query in queries:
            shown = json.loads(self.run("similar", self.paths[query], "-n", len(self.rows), "--json"))
            for rank, song in enumerate(shown):
                result[query, self.places[song["path"]]] = -rank
        return result


def main(akin, work, folders):
    collections = {Path(f).resolve().name: list(songs_of(f)) for f in folders}
    for name, rows in collections.items():
        artists = sorted({r["artist"] for r in rows})
        random.Random(1).shuffle(artists)
        fold_of = {artist: place % FOLDS for place, artist in enumerate(artists)}
        fold = np.array([fold_of[r["artist"]] for r in rows])
        library = Library(akin, f"{work}/{name}", rows)
        others = [r for other, list_ in collections.items() if other != name for r in list_]
        write(f"{library.folder}/others.csv", others)
        library.run("train", f"{library.folder}/others.csv", "--model", "descriptor", "--all", "-q", "-o",
                    f"{library.folder}/training")
        judge, everyone = Judge(rows), np.arange(len(rows))
        library.tag(np.zeros(len(rows), bool))
        before = judge.measures(library.similarity(everyone), everyone)
        after, lessons = np.full_like(before, np.nan), []
        for k in range(FOLDS):
            library.tag(fold != k)
            lessons.append(json.loads(library.run("learn", "--json")))
            queries = np.flatnonzero(fold == k)
            after[queries] = judge.measures(library.similarity(queries), queries)
            print(f"{name}, fold {k}: {json.dumps(lessons[-1])}", file=sys.stderr, flush=True)
        library.tag(np.ones(len(rows), bool))
        whole = json.loads(library.run("learn", "--json"))
        library.run("learn", "--forget")
        print(f"\n{name}: {len(rows)} songs, {len(artists)} artists; adopted in "
              f"{sum(l['adopted'] for l in lessons)} of {FOLDS} folds\n")
        print("| | before | after | difference, 95 % |\n| --- | ---: | ---: | ---: |")
        names = np.array([r["artist"] for r in rows])
        for what, column in zip(MEASURES, COLUMNS):
            mean, low, high = interval(after - before, names, column)
            print(f"| {what} | {np.nanmean(before[:, column]):.3f} | {np.nanmean(after[:, column]):.3f} "
                  f"| {mean:+.3f} [{low:+.3f}, {high:+.3f}] |")
        for what in MEASURES:
            if figure := whole.get(what):
                print(f"\nfrom all tags, by its own check, {what}: {figure['before']:.3f} → {figure['after']:.3f} "
                      f"± {figure['uncertainty']:.3f}", end="")
        print(f"\n\n{'adopted' if whole['adopted'] else 'not adopted: ' + str(whole.get('reason'))}, "
              f"gain {whole['gain']}, {whole['seconds']:.1f} s")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
