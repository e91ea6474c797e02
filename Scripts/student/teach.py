#!/usr/bin/env python3
"""Makes what a student learns from: teach.py [--views N] [--added-views N] [--fold K] MUSICNN.onnx MUSIC ADDED OUT

MUSIC holds the folders emotify, open and whole, each with its labels.csv; ADDED the recordings of music.csv, each named
by the first 16 digits of its SHA-256 (what is missing is said, and left out). Of every song N views are made
(views.py), and of each what MusiCNN says of its patches: both are kept in OUT/cache, which makes a second run short.
If added songs have fewer views, each of them counts more.

OUT/all, or with --fold OUT/foldK, is then a folder for `akin distil`: the teacher's 200 numbers before its last
activation and the 97 leading components of its pooled layers are the vector; its 50 tags are learned beside. With
--fold K the songs of a quarter of the artists of emotify and open take no part, nor do their mixtures, nor added songs
by the same artists. Needs numpy, scipy, librosa, onnxruntime and FFmpeg; about half a core second a song and view.
"""

import argparse
import csv
import glob
import hashlib
import json
import os
import random
import sys

import numpy as np
import onnxruntime
import views

FOLDS, COMPONENTS = 4, 97
TEACHER = "MusiCNN (MSD_musicnn; Pons and Serra 2019; ISC licence)"


def collections(music):
    """Path, start and fold of each song of the collections; a whole piece is of its artist's fold in `open`."""
    songs, fold_of, generator = [], {}, random.Random(1)
    for name in ["emotify", "open", "whole"]:
        rows = list(csv.DictReader(open(os.path.join(music, name, "labels.csv"), newline="", encoding="utf-8")))
        if name != "whole":
            artists = sorted({row["artist"] for row in rows})
            generator.shuffle(artists)
            fold_of.update({(name, artist): place % FOLDS for place, artist in enumerate(artists)})
        for row in rows:
            fold = fold_of.get((name, row["artist"]), fold_of.get(("open", row["artist"]), -1))
            songs.append((os.path.join(music, name, row["path"]), None, fold))
    return songs, {artist: fold for (name, artist), fold in fold_of.items() if name == "open"}


def added(folder, fold_of):
    """The recordings of music.csv that are there: one clip of a short one, two of a long one."""
    rows = list(csv.DictReader(open(os.path.join(os.path.dirname(__file__), "music.csv"), newline="", encoding="utf-8")))
    there = {os.path.basename(path).split(".")[0]: path for path in glob.glob(os.path.join(folder, "*"))}
    songs, missing = [], []
    for row in rows:
        path = there.get(row["sha256"][:16])
        if path is None or hashlib.sha256(open(path, "rb").read()).hexdigest() != row["sha256"]:
            missing.append(f"{row['repository']}: {row['path']}")
            continue
        # The pieces of this repository are by an artist of `open`.
        fold = fold_of["Kevin MacLeod"] if row["repository"] == "xBot64x/hudebni-web" else -1
        seconds = float(row["seconds"])
        middles = [0.5] if seconds < 100 else [0.3, 0.65]
        songs += [(path, max(0, middle * seconds - views.SECONDS / 2), fold) for middle in middles]
    if missing:
        print(f"{len(missing)} of {len(rows)} added recordings are missing or changed:", *missing[:20], sep="\n  ", file=sys.stderr)
    return songs


def heard(songs, name, cache):
    """The sounds of songs, and their folds; kept in the cache."""
    sounds, folds = os.path.join(cache, f"{name}.sounds.npy"), os.path.join(cache, f"{name}.folds.npy")
    if not os.path.exists(folds):
        clips = [(views.clip(path, start), fold) for path, start, fold in songs]
        clips = [(clip.astype(np.float16), fold) for clip, fold in clips if clip is not None]
        np.save(sounds, np.stack([clip for clip, _ in clips]))
        np.save(folds, np.array([fold for _, fold in clips]))
    return np.load(sounds, mmap_mode="r"), np.load(folds)


def taught(name, number, sounds, folds, session, cache):
    """A view's mels, and what the teacher says of it; kept in the cache."""
    mels, answers = os.path.join(cache, f"{name}{number}.mels.npy"), os.path.join(cache, f"{name}{number}.npz")
    if not os.path.exists(answers):
        wanted = ["penultimate_linear", "logits", "mean_pool", "max_pool"]
        heard, said = [], []
        for index in range(len(sounds)):
            sound = views.view(number, index, sounds, np.flatnonzero(folds == folds[index]))
            heard.append(views.student_mels(sound))
            said.append(session.run(wanted, {"mel": views.teacher_mels(sound)}))
        np.save(mels, np.stack(heard))
        np.savez(answers, **{key: np.stack([s[i] for s in said]).astype(np.float16) for i, key in enumerate(wanted)})
        print(f"{name}: view {number} of {len(sounds)} songs", file=sys.stderr, flush=True)
    return mels, dict(np.load(answers))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--views", type=int, default=4)
    parser.add_argument("--added-views", type=int)
    parser.add_argument("--fold", type=int)
    parser.add_argument("musicnn")
    parser.add_argument("music")
    parser.add_argument("added")
    parser.add_argument("out")
    given = parser.parse_args()
    cache = os.path.join(given.out, "cache")
    os.makedirs(cache, exist_ok=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(given.musicnn, options, providers=["CPUExecutionProvider"])
    songs, fold_of = collections(given.music)
    parts = {}
    added_views = given.views if given.added_views is None else given.added_views
    for name, own, count in [
        ("collections", songs, given.views), ("added", added(given.added, fold_of) if added_views else [], added_views)]:
        if not own:
            continue
        sounds, folds = heard(own, name, cache)
        kept = np.flatnonzero(folds != given.fold) if given.fold is not None else np.arange(len(folds))
        for number in range(count):
            parts[f"{name}{number}"] = np.repeat(kept, max(1, given.views // (2 * count))), *taught(name, number, sounds, folds, session, cache)

    def pools(answers):
        return np.concatenate([answers["mean_pool"], answers["max_pool"]], 2).astype(np.float32)

    random = np.random.default_rng(0)
    sample = [pools(answers)[kept].reshape(-1, 1506) for kept, _, answers in parts.values()]
    sample = np.concatenate([rows[random.permutation(len(rows))[: 16000 // len(parts)]] for rows in sample])
    mean, deviation = sample.mean(0), sample.std(0) + 1e-6
    components = np.linalg.svd((sample - mean) / deviation, full_matrices=False)[2][:COMPONENTS].T
    folder = os.path.join(given.out, "all" if given.fold is None else f"fold{given.fold}")
    os.makedirs(folder, exist_ok=True)
    for name, (_, mels, answers) in parts.items():
        link = os.path.join(folder, f"{name}.mels.npy")
        if os.path.lexists(link):
            os.remove(link)
        os.symlink(os.path.abspath(mels), link)
        targets = [answers["penultimate_linear"], ((pools(answers) - mean) / deviation) @ components, answers["logits"]]
        np.save(os.path.join(folder, f"{name}.targets.npy"), np.concatenate(targets, 2).astype("<f4"))
    description = {
        "teacher": TEACHER, "vector": 200 + COMPONENTS, "starts": views.STARTS,
        "rows": {name: kept.tolist() for name, (kept, _, _) in parts.items()},
        "originals": [name for name in parts if name.endswith("0")],
    }
    with open(os.path.join(folder, "teaching.json"), "w", encoding="utf-8") as file:
        json.dump(description, file)
    print(folder)


if __name__ == "__main__":
    main()
