#!/usr/bin/env python3
"""Measures what excerpts cost, by format: costs.py AKIN AKIN-BENCH WORK SONG…

Each SONG, a whole one, is encoded in every format into WORK (with ffmpeg), then decoded: the middle 30 s, several
excerpts of 30 s, and all of it; and embedded with the default. Prints a table in Markdown: milliseconds of the
processor a song, the least of several runs, and ratios to the middle.
"""

import json
import os
import resource
import subprocess
import sys

FORMATS = {
    "mp3": ["-c:a", "libmp3lame", "-b:a", "192k"], "vbr.mp3": ["-c:a", "libmp3lame", "-q:a", "2"],
    "bare.mp3": ["-c:a", "libmp3lame", "-q:a", "2", "-write_xing", "0", "-id3v2_version", "0"],
    "flac": ["-c:a", "flac"], "ogg": ["-c:a", "libvorbis", "-q:a", "5"], "opus": ["-c:a", "libopus", "-b:a", "128k"],
    "m4a": ["-c:a", "aac", "-b:a", "192k"], "aac": ["-c:a", "aac", "-b:a", "192k"], "wav": ["-c:a", "pcm_s16le"],
}  # fmt: skip
COUNTS = (1, 2, 3, 5)
RUNS = 3


def encoded(songs, work, ending):
    paths = []
    for index, song in enumerate(songs):
        path = os.path.join(work, f"{index}.{ending}")
        if not os.path.exists(path):
            command = ["ffmpeg", "-v", "error", "-y", "-i", song, "-ac", "2", "-vn"]
            rate = [] if ending == "opus" else ["-ar", "44100"]
            subprocess.run(command + rate + FORMATS[ending] + [path], check=True)
        paths.append(path)
    return paths


def cpu(command):
    """The processor's seconds that a command took: other work on the machine hardly counts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def decoding(bench, paths, excerpts, work):
    """Everything is decoded twice: once to warm up."""
    list_file = os.path.join(work, "files.json")
    json.dump(paths, open(list_file, "w"))
    command = [bench, "decoding", "--seconds", "0", "--files", list_file, "--excerpts", str(excerpts)]
    return min(cpu(command) for _ in range(RUNS)) / 2 / len(paths)


def embedding(akin, paths, excerpts):
    command = [akin, "embed", "-j", "1", "-q", "--excerpts", str(excerpts)]
    start = min(cpu([akin, "--help"]) for _ in range(RUNS))
    return (min(cpu(command + paths) for _ in range(RUNS)) - start) / len(paths)


def main(akin, bench, work, *songs):
    os.makedirs(work, exist_ok=True)
    heads = [f"{n} × 30 s" for n in COUNTS] + ["all"]
    print("| | " + " | ".join(["decoding, middle (ms)"] + heads[1:] + ["embedding, middle (ms)"] + heads[1:-1]) + " |")
    print("| --- |" + " ---: |" * (2 * len(COUNTS) + 1))
    for ending in FORMATS:
        paths = encoded(songs, work, ending)
        decode = [decoding(bench, paths, n, work) for n in COUNTS + (0,)]
        embed = [embedding(akin, paths, n) for n in COUNTS]
        cells = [f"{1000 * decode[0]:.1f}"] + [f"{x / decode[0]:.2f}" for x in decode[1:]]
        cells += [f"{1000 * embed[0]:.1f}"] + [f"{x / embed[0]:.2f}" for x in embed[1:]]
        print(f"| {ending} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
