#!/usr/bin/env python3
"""Measures a student on artists that neither it nor the descriptor has heard: folds.py AKIN WORK MUSIC STUDENTS

AKIN is the program, WORK a folder to work in, MUSIC holds emotify and open, and STUDENTS fold0.safetensors to
fold3.safetensors, of `akin distil` on what teach.py --fold K made. The descriptor is learned from the same three quarters
of the artists (../default-model/evaluate.py, whose folds these are). Each song of the asked fold asks for its artist, and
for its genre without its artist's songs; and triplets of the fold's songs tell how well real listeners are met, as
listeners.py has it. Prints a table in Markdown, a row for each weight of the student beside the descriptor.
"""

import os
import sys
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parent.parent / name) for name in ("default-model", "ear")]
from evaluate import (  # noqa: E402
    FOLDS, Judge, artist_folds, cosine, directions, embeddings, interval, moved, mutual_proximity, searched, standardised,
    unit)
from listeners import agreement, emotions, profile_triplets  # noqa: E402
from manifest import songs as songs_of  # noqa: E402

WEIGHTS = [0.15, 0.2, 0.25, 0.35, 0.5]


def main(akin, work, music, students):
    os.makedirs(work, exist_ok=True)
    names = ["emotify", "open"]
    rows = [row for name in names for row in songs_of(os.path.join(music, name))]
    collection = np.array([row["collection"] for row in rows])
    fold_of = artist_folds(rows)
    fold = np.array([fold_of[row["class"]] for row in rows])

    def heard(model, file):
        """Kept from an earlier run, if there was one."""
        file = f"{work}/{file}.npy"
        if not os.path.exists(file):
            np.save(file, embeddings(akin, model, [row["path"] for row in rows]))
        return np.load(file)

    descriptor = heard("descriptor", "descriptor")
    learned = [
        directions(akin, f"{work}/directions-{k}", [r for r in rows if fold_of[r["class"]] != k]) for k in range(FOLDS)]
    students = [heard(f"{students}/fold{k}.safetensors", f"student-{k}") for k in range(FOLDS)]
    own = np.flatnonzero(collection == "emotify")
    paths = [os.path.relpath(rows[i]["path"], os.path.join(os.path.abspath(music), "emotify")) for i in own]
    likeness = emotions(os.path.join(music, "emotify"), paths)
    triplets = [profile_triplets(likeness, np.flatnonzero(fold[own] == k)) for k in range(FOLDS)]

    def measured(weight):
        result = {}
        for name in names:
            own = np.flatnonzero(collection == name)
            judge, z = Judge([rows[i] for i in own]), searched(descriptor[own])
            parts, listeners = np.full((len(own), 4), np.nan), []
            for k in range(FOLDS):
                x = unit(z - (z @ learned[k].T) @ learned[k])
                if weight:
                    x = np.hstack([x, unit(standardised(students[k][own])) * weight**0.5])
                similarity = mutual_proximity(cosine(moved(x)))
                queries = np.flatnonzero(fold[own] == k)
                parts[queries] = judge.measures(similarity, queries)
                if name == "emotify":
                    listeners.append(agreement(similarity, triplets[k]))
            result[name] = parts
            if listeners:
                result["listeners"] = listeners
        return result

    print("| weight of the student | artists emotify | artists open | genres emotify | genres open | listeners |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    standing = measured(0)
    for weight in [0, *WEIGHTS]:
        found = standing if weight == 0 else measured(weight)
        means = {name: np.nanmean(found[name], 0) for name in names}
        print(f"| {weight or 'without'} | {means['emotify'][0]:.3f} | {means['open'][0]:.3f} | {means['emotify'][3]:.3f} "
              f"| {means['open'][3]:.3f} | {np.mean(found['listeners']):.3f} |", flush=True)
        if weight == 0.25:
            best = found
    print("\nDifferences at 0.25 with 95 % bootstrap intervals over artists:\n")
    for name in names:
        artists = np.array([row["artist"] for row in rows if row["collection"] == name])
        for column, what in [(0, "artists"), (3, "genres")]:
            mean, low, high = interval(best[name] - standing[name], artists, column)
            print(f"- {name}, {what}: {mean:+.3f} [{low:+.3f}, {high:+.3f}]")
    print("- listeners, by fold: " + ", ".join(
        f"{new - old:+.3f}" for new, old in zip(best["listeners"], standing["listeners"])))


if __name__ == "__main__":
    main(*sys.argv[1:5])
