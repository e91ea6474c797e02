#!/usr/bin/env python3
"""What similarity Akin shows: shown.py AKIN WORK FOLDER…

AKIN is the program, WORK a folder to work in, and each FOLDER a collection of music. 25 songs of each, evenly spread, are
asked for beside all others, with each model: the mean and deviation of all similarities, the hundredth of them that is
largest, and the nearest song (median). Then 4 of each collection are decoded and encoded anew in several ways, and asked
for as files: their similarity to the song, and to the one that comes next. Needs numpy and ffmpeg.
"""

import json
import os
import subprocess
import sys

import numpy as np

MODELS = ["akin", "descriptor", "mfcc", "mfcc-standardised"]
ENCODINGS = {"128k.mp3": ["-b:a", "128k"], "64k.mp3": ["-b:a", "64k"], "opus": ["-b:a", "64k"], "flac": []}


def evenly(items, count):
    return [items[place * len(items) // count] for place in range(count)]


class Library:
    def __init__(self, akin, work, folder):
        self.akin, self.folder = akin, os.path.abspath(folder)
        self.path = os.path.join(work, os.path.basename(self.folder) + ".sqlite")
        for model in MODELS:
            self.run("index", self.folder, "--model", model, "--quiet")
        some = self.similar(next(self.files()), MODELS[0])
        self.songs = sorted([song["path"] for song in some] + [next(self.files())])

    def files(self):
        for folder, _, names in sorted(os.walk(self.folder)):
            yield from (os.path.join(folder, name) for name in sorted(names) if not name.endswith(".csv"))

    def run(self, *arguments):
        command = [self.akin, *arguments, "--library", self.path]
        return subprocess.run(command, text=True, capture_output=True, check=True).stdout

    def similar(self, song, model):
        return json.loads(self.run("similar", song, "--model", model, "--json", "-n", "100000"))


def spread(library, model):
    answers = [library.similar(song, model) for song in evenly(library.songs, 25)]
    values = np.array([song["similarity"] for answer in answers for song in answer])
    nearest = np.median([answer[0]["similarity"] for answer in answers])
    return f"{values.mean():.3f} ± {values.std():.3f} | {np.quantile(values, 0.99):.2f} | {nearest:.2f}"


def encoded(song, work):
    """Files of the song encoded anew, each decoded from the song's own."""
    for ending, options in ENCODINGS.items():
        file = os.path.join(work, "encoded." + ending)
        command = ["ffmpeg", "-v", "error", "-y", "-i", song, "-map", "0:a", "-map_metadata", "-1", *options, file]
        subprocess.run(command, check=True)
        yield file


def main(akin, work, folders):
    os.makedirs(work, exist_ok=True)
    libraries = [Library(akin, work, folder) for folder in folders]
    names = [os.path.basename(library.folder) for library in libraries]
    print("| | " + " | ".join(f"{name}, at random | 99th of 100 | nearest" for name in names) + " |")
    print("| --- " + "| ---: | ---: | ---: " * len(names) + "|")
    for model in MODELS:
        print(f"| {model} | " + " | ".join(spread(library, model) for library in libraries) + " |")
    itself, others = [], []
    for library in libraries:
        for song in evenly(library.songs, 4):
            for file in encoded(song, work):
                first, second = library.similar(file, "akin")[:2]
                assert first["path"] == song, (file, song, first)
                itself.append(first["similarity"])
                others.append(second["similarity"])
    print(f"\n{len(itself)} files encoded anew find their song first.")
    for values, what in [(itself, "Its similarity"), (others, "That of the next song")]:
        print(f"{what}: {min(values):.2f} to {max(values):.2f}, median {np.median(values):.2f}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
