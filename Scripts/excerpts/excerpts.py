#!/usr/bin/env python3
"""Measures how many excerpts of a whole song to hear, which ones, and how to combine them:
excerpts.py AKIN WORK MUSIC [whole|synthetic]

AKIN is the program, WORK a folder to work in (it keeps what was computed), MUSIC holds the folders emotify, open and
whole. WORK/synthetic, if it is there, holds long songs of `akin-bench compose`; WORK/net/model.safetensors, if it is
there, is a network. What is learned is learned from emotify and open without the artists of `whole`. Prints tables in
Markdown. Needs numpy and scipy, and ffmpeg.
"""

import csv
import json
import os
import pathlib
import subprocess
import sys
import wave

import numpy as np
import pieces as p

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "default-model"))
import evaluate as e  # noqa: E402
from manifest import songs as songs_of  # noqa: E402

# What is heard: (count, seconds, margin) as `starts` takes them, or "whole".
TODAY = (1, 30, 0.0)
CHOICES = [
    TODAY, (2, 15, None), (3, 10, None), (5, 6, None), (10, 3, None), (3, 20, None), (6, 15, None), (2, 30, None),
    (3, 30, None), (5, 30, None), (3, 10, 0.0), (2, 30, 0.0), (3, 30, 0.0), (5, 30, 0.0), (3, 30, 0.1), "whole",
]  # fmt: skip


def name_of(choice):
    if isinstance(choice, str):
        return choice
    count, seconds, margin = choice
    if count == 1:
        return f"the middle {seconds} s"
    place = "" if margin is None else f", ends of {margin:.0%} left out" if margin else ", in shares of the song"
    return f"{count} × {seconds} s{place}"


class Song:
    """A whole song's row of labels, and what was computed of it."""

    def __init__(self, row, work):
        self.row, self.key = row, row["collection"] + "-" + row["path"].replace("/", "_")
        self.folder = work / "songs"
        self.folder.mkdir(exist_ok=True)
        self._samples = None

    @property
    def samples(self):
        if self._samples is None:
            self._samples = p.decoded(self.row["path"])
        return self._samples

    @property
    def duration(self):
        return len(self.samples) / p.RATE

    def bounds(self, choice):
        if choice == "whole":
            return [(0, self.duration)]
        if choice[0] == "at":
            return [(choice[2] * max(0, self.duration - choice[1]), choice[1])]
        count, seconds, margin = choice
        return [(start, seconds) for start in p.starts(self.duration, count, seconds, margin)]

    def descriptors(self, choice):
        """The pooled descriptor of the excerpts, and that of each."""
        file = self.folder / f"{self.key}-{choice}.npz"
        if not file.exists():
            parts = [p.decibels(p.cut(self.samples, *b)) for b in self.bounds(choice)]
            np.savez(file, pooled=p.pooled(parts), each=np.stack([p.pooled([x]) for x in parts]))
        stored = np.load(file)
        return stored["pooled"], stored["each"]

    def write_excerpts(self, choice):
        """The excerpts as WAV files, for `akin embed`."""
        paths = []
        for index, (start, seconds) in enumerate(self.bounds(choice)):
            path = self.folder / f"{self.key}-{choice}-{index}.wav"
            with wave.open(str(path), "wb") as file:
                file.setnchannels(1), file.setsampwidth(2), file.setframerate(p.RATE)
                cut = p.cut(self.samples, start, seconds)
                file.writeframes((np.clip(cut, -1, 1) * 32767).round().astype("<i2").tobytes())
            paths.append(str(path))
        return paths


def embedded(akin, model, paths, *options):
    """The vectors of files."""
    out = subprocess.run(
        [akin, "embed", "--model", model, "-q", "-j", "1", *options, "-"], text=True, capture_output=True,
        input="".join(x + "\n" for x in paths))  # fmt: skip
    return np.array([json.loads(line)["embedding"] for line in out.stdout.splitlines()], np.float32)


def cached(file, make):
    if not file.exists():
        np.save(file, make())
    return np.load(file)


def medoid(vectors):
    """The vector that is nearest to the others."""
    return vectors[np.argmax(e.cosine(vectors).sum(1))]


class Space:
    """The default's space over a collection: standardised (leaning on what is typical by 3 songs), learned."""

    def __init__(self, vectors, learned, typical):
        n, (mean, deviation) = len(vectors), typical
        own, variance = vectors.mean(0), vectors.var(0)
        weight = n / (n + 3)
        self.mean = weight * own + (1 - weight) * mean
        self.deviation = np.sqrt(
            weight * (variance + (own - self.mean) ** 2) + (1 - weight) * (deviation**2 + (mean - self.mean) ** 2))
        self.learned = learned

    def __call__(self, vectors):
        z = np.clip((vectors - self.mean) / np.maximum(self.deviation, 1e-9), -2, 2)
        z[:, :32] *= 1.5
        z = np.hstack([e.unit(z[:, a:b]) * (1 if a == 0 else 0.2) for a, b in e.PARTS])
        return z if self.learned is None else z - (z @ self.learned.T) @ self.learned


class Rank:
    """The reciprocal ranks and average precisions of queries among a collection's songs, by artist."""

    def __init__(self, artists):
        self.artists = np.array(artists)

    def __call__(self, similarity, queries):
        result = np.full((len(queries), 2), np.nan)
        for place, query in enumerate(queries):
            order = np.argsort(-similarity[query], kind="stable")
            order = order[order != query]
            ranks = np.flatnonzero(self.artists[order] == self.artists[query]) + 1
            if len(ranks):
                result[place] = (np.arange(1, len(ranks) + 1) / ranks).mean(), 1 / ranks[0]
        return result


def interval(differences, groups=None):
    """The mean and its 95 % bootstrap interval, songs drawn, or groups of songs (artists)."""
    generator = np.random.default_rng(1)
    groups = np.arange(len(differences)) if groups is None else np.unique(groups, return_inverse=True)[1]
    n = groups.max() + 1
    sums, counts = np.bincount(groups, differences, n), np.bincount(groups, minlength=n)
    draws = generator.integers(0, n, (10_000, n))
    means = sums[draws].sum(1) / counts[draws].sum(1)
    return differences.mean(), *np.quantile(means, [0.025, 0.975])


def shown(differences, groups):
    mean, low, high = interval(differences)
    _, low_a, high_a = interval(differences, groups)
    return f"{mean:+.3f} [{low:+.3f}, {high:+.3f}] | [{low_a:+.3f}, {high_a:+.3f}]"


def table(title, rows, today, groups, what=("MAP", "MRR")):
    """Rows of a name and the measures of each query; differences of the first measure to `today`."""
    print(f"\n{title}\n")
    print(f"| | {what[0]} | {what[1]} | {what[0]} less today's, 95 % over songs | over artists |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, m in rows:
        means = np.nanmean(m, 0)
        cells = "| |" if m is today else "| " + shown(m[:, 0] - today[:, 0], groups) + " |"
        print(f"| {name} | {means[0]:.3f} | {means[1]:.3f} {cells}")
    sys.stdout.flush()


def directions(file):
    data = open(file, "rb").read()
    start = 8 + int.from_bytes(data[:8], "little")
    return np.frombuffer(data[start:], "<f4").reshape(-1, e.PARTS[-1][1])


def typical():
    """Means and deviations of a typical collection, from the source."""
    source = pathlib.Path(__file__).resolve().parents[2] / "Sources/SearchSpaces/TypicalDescriptor.swift"
    return _numbers(source)


def _numbers(source):
    import re

    text = source.read_text()
    lists = re.findall(r"\[([-\d.,\s_e]+)\]", text)
    found = [np.array([float(x) for x in t.replace("\n", " ").split(",") if x.strip()]) for t in lists]
    found = [f for f in found if len(f) == e.PARTS[-1][1]]
    return found[0], found[1]


def same_piece(a, b):
    """Whether two titles name one piece."""
    return "".join(filter(str.isalnum, a.lower())) == "".join(filter(str.isalnum, b.lower()))


def by_descriptor(title, songs, space_of, others=None, choices=CHOICES):
    """Each choice and each way to combine, as the default compares: songs ask among themselves and `others`."""
    artists = [s.row["artist"] for s in songs] + ([r["artist"] for r in others[0]] if others else [])
    rank, queries, groups = Rank(artists), np.arange(len(songs)), np.array([s.row["artist"] for s in songs])

    def judged(vectors, refine=e.neighbourly):
        everything = np.vstack([vectors, others[1]]) if others else vectors
        space = space_of(everything)
        return rank(refine(space(everything)), queries)

    rows, sets, today = [], {}, None
    for choice in choices:
        heard = [s.descriptors(choice) for s in songs]
        sets[choice] = [h[1] for h in heard]
        measured = judged(np.stack([h[0] for h in heard]))
        if choice == TODAY:
            today = measured
            rows.append(("**the middle 30 s, today**", today))
            continue
        rows.append((f"{name_of(choice)}, statistics over all frames", measured))
        if choice == "whole":
            continue
        rows.append((f"{name_of(choice)}, mean of vectors", judged(np.stack([v.mean(0) for v in sets[choice]]))))
        rows.append((f"{name_of(choice)}, median excerpt", judged(np.stack([medoid(v) for v in sets[choice]]))))
    table(title, rows, today, groups)

    def compared(vectors, combine):
        """Songs as sets of vectors: similarities of their excerpts, combined, without moving songs."""
        sets = vectors + ([v[None] for v in others[1]] if others else [])
        space = space_of(np.stack([v.mean(0) for v in sets]))
        points = [e.unit(space(v)) for v in sets]
        n = len(points)
        similarity = np.ones((n, n))
        for i in range(n):
            for j in range(i):
                similarity[i, j] = similarity[j, i] = combine(points[i] @ points[j].T)
        return rank(e.mutual_proximity(similarity), queries)

    if others:
        return
    alone = compared(sets[TODAY], np.mean)
    rows = [("**the middle 30 s, today**", alone)]
    for choice in [(3, 30, None), (5, 6, None)]:
        rows.append((f"{name_of(choice)}, mean of vectors", compared([v.mean(0)[None] for v in sets[choice]], np.mean)))
        rows.append((f"{name_of(choice)}, mean of similarities", compared(sets[choice], np.mean)))
        rows.append((f"{name_of(choice)}, largest similarity", compared(sets[choice], np.max)))
        rows.append((f"{name_of(choice)}, least similarity", compared(sets[choice], np.min)))
    table(title + ", songs left where they are (no neighbours)", rows, alone, groups)


def by_place(title, songs, space_of):
    """One excerpt of 30 s, from the beginning to the end."""
    rank, groups = Rank([s.row["artist"] for s in songs]), np.array([s.row["artist"] for s in songs])
    rows, today = [], None
    for place in (0.5, 0, 0.1, 0.25, 0.4, 0.6, 0.75, 0.9, 1):
        vectors = np.stack([s.descriptors(("at", 30, place))[0] for s in songs])
        measured = rank(e.neighbourly(space_of(vectors)(vectors)), np.arange(len(songs)))
        today = measured if place == 0.5 else today
        rows.append((f"30 s from {place:.0%} of where they can begin", measured))
    table(title, rows, today, groups)


def by_window(title, songs, space_of, others, choices):
    """Windows of 30 s that share nothing with the middle 30 s or the choice ask for their song among whole songs."""
    rows, today = [], None
    windows = [
        (number, start) for number, s in enumerate(songs) for start in np.arange(0, s.duration - 30, 15)
    ]  # fmt: skip
    asked = np.stack([
        songs[number].descriptors(("at", 30, start / (songs[number].duration - 30)))[0] for number, start in windows
    ])  # fmt: skip
    groups = np.array([number for number, _ in windows])

    def ranks(choice, combine):
        heard = [s.descriptors(choice) for s in songs]
        vectors = np.vstack([np.stack([combine(h) for h in heard]), others])
        space = space_of(vectors)
        similarity = e.unit(space(asked)) @ e.unit(space(vectors)).T
        own = similarity[np.arange(len(asked)), groups]
        rank = (similarity > own[:, None]).sum(1) + 1
        return np.stack([1 / rank, rank == 1], axis=1).astype(float)

    def apart(choice):
        def free(number, start):
            return all(start + 30 <= a or start >= a + s for a, s in songs[number].bounds(choice))

        return np.array([free(*w) for w in windows])

    all_today = ranks(TODAY, lambda h: h[0])
    outside = apart(TODAY)
    for choice in choices:
        keep = outside & apart(choice)
        if keep.sum() < 20:
            continue
        ways = [("statistics over all frames", lambda h: h[0]), ("mean of vectors", lambda h: h[1].mean(0))]
        for way, combine in ways:
            rows.append((name_of(choice) + ", " + way, ranks(choice, combine)[keep], all_today[keep], groups[keep]))
    print(f"\n{title}\n")
    print("| | windows | MRR | today's | MRR less today's, 95 % over windows | over songs |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, m, t, g in rows:
        print(f"| {name} | {len(m)} | {m[:, 0].mean():.3f} | {t[:, 0].mean():.3f} | {shown(m[:, 0] - t[:, 0], g)} |")
    sys.stdout.flush()


def by_clip(songs, clips, clip_vectors, others, space_of):
    """The clips of `open` that are of a whole song ask for it among the whole songs and `others`."""
    pairs = [
        (c, n) for c, clip in enumerate(clips) for n, s in enumerate(songs)
        if clip["artist"] == s.row["artist"] and same_piece(clip["title"], s.row["title"])
    ]  # fmt: skip
    rows, today = [], None
    for choice in CHOICES:
        vectors = np.vstack([np.stack([s.descriptors(choice)[0] for s in songs]), others])
        space = space_of(vectors)
        similarity = e.unit(space(clip_vectors[[c for c, _ in pairs]])) @ e.unit(space(vectors)).T
        own = similarity[np.arange(len(pairs)), [n for _, n in pairs]]
        rank = (similarity > own[:, None]).sum(1) + 1
        measured = np.stack([1 / rank, rank == 1], axis=1).astype(float)
        today = measured if choice == TODAY else today
        rows.append((name_of(choice), measured))
    groups = np.array([songs[n].row["artist"] for _, n in pairs])
    title = f"{len(pairs)} clips of `open` ask for their whole song, statistics over all frames"
    table(title, rows, today, groups, ("MRR", "P@1"))


def by_vectors(title, songs, akin, work, model, choices, compare):
    """Means of the vectors that a model makes of excerpts written to files."""
    rank, groups = Rank([s.row["artist"] for s in songs]), np.array([s.row["artist"] for s in songs])

    def vectors(choice):
        def make():
            files = [s.write_excerpts(choice) for s in songs]
            flat = iter(embedded(akin, model, [f for fs in files for f in fs]))
            means = np.stack([np.mean([next(flat) for _ in fs], axis=0) for fs in files])
            [os.remove(f) for fs in files for f in fs]
            return means

        name = f"{songs[0].row['collection']}-{os.path.basename(os.path.dirname(model)) or model}-{choice}.npy"
        return cached(work / name, make)

    rows, today = [], None
    for choice in choices:
        measured = rank(compare(vectors(choice)), np.arange(len(songs)))
        today = measured if choice == TODAY else today
        rows.append((f"{name_of(choice)}, mean of vectors", measured))
    table(title, rows, today, groups)


def by_program(name, songs, akin, work, default):
    """What the program itself makes of whole files, with --excerpts."""
    rank, groups = Rank([s.row["artist"] for s in songs]), np.array([s.row["artist"] for s in songs])
    network = work / "net/model.safetensors"

    def in_space(x):
        return e.neighbourly(default(x)(x))

    models = [("the default", "descriptor", in_space), ("mfcc", "mfcc", e.cosine),
              ("mfcc-standardised", "mfcc", lambda x: e.cosine(e.standardised(x)))]  # fmt: skip
    for title, model, compare in models + ([("a network", str(network), e.cosine)] if network.exists() else []):
        rows, today = [], None
        for count in (1, 2, 3, 5):
            vectors = embedded(akin, model, [s.row["path"] for s in songs], "--excerpts", str(count))
            measured = rank(compare(vectors), np.arange(len(songs)))
            today = measured if count == 1 else today
            rows.append((f"`--excerpts {count}`", measured))
        table(f"{name}, {title}, as `akin embed` hears them", rows, today, groups)


def labelled(folder):
    """A folder's labels, with titles, which `songs_of` leaves out."""
    titles = [r["title"] for r in csv.DictReader(open(folder / "labels.csv", encoding="utf-8"))]
    return [dict(row, title=title) for row, title in zip(songs_of(str(folder)), titles)]


def synthetic(folder):
    for path in sorted(folder.glob("*/*/*.*")):
        artist, album = path.parent.parent.name, path.parent.name
        yield dict(path=str(path), artist=artist, album=album, collection=folder.name, title=path.stem)


def main(akin, work, music, only=None):
    work, music = pathlib.Path(work), pathlib.Path(music)
    work.mkdir(exist_ok=True)
    whole_rows = [dict(r, collection="whole") for r in labelled(music / "whole")]
    whole = [Song(row, work) for row in whole_rows]
    artists = {r["artist"].lower() for r in whole_rows}
    clips = labelled(music / "open")
    clip_vectors = cached(work / "open.npy", lambda: embedded(akin, "descriptor", [r["path"] for r in clips]))
    strangers = [i for i, r in enumerate(clips) if r["artist"].lower() not in artists]
    others = ([clips[i] for i in strangers], clip_vectors[strangers])

    model = work / "learned/model.safetensors"
    if not model.exists():
        rows = [r for f in ("emotify", "open") for r in songs_of(str(music / f)) if r["artist"].lower() not in artists]
        e.write(work / "others.csv", rows)
        subprocess.run(
            [akin, "train", work / "others.csv", "--model", "descriptor", "--all", "--no-adopt", "-q", "-o",
             work / "learned"], check=True, capture_output=True)  # fmt: skip
    learned, usual = directions(model), typical()

    def default(vectors):
        return Space(vectors, learned, usual)

    def untrained(vectors):
        return Space(vectors, None, usual)

    middle = embedded(akin, "descriptor", [whole[0].row["path"]])[0]
    print(f"largest difference to `akin embed`: {np.abs(middle - whole[0].descriptors(TODAY)[0]).max():.3f}")

    some = [TODAY, (3, 10, None), (5, 6, None), (2, 30, None), (3, 30, None), (5, 30, None), (3, 30, 0.0)]
    if only != "synthetic":
        by_program("25 whole songs", whole, akin, work, default)
        by_whole(whole, clips, clip_vectors, others, default, untrained)
        by_other_models("25 whole songs", whole, akin, work, some)
    long = [Song(row, work) for row in synthetic(work / "synthetic")]
    if long and only != "whole":
        title = f"{len(long)} synthetic songs"
        by_program(title, long, akin, work, default)
        by_place(f"{title} of 4 min, the default", long, default)
        by_descriptor(f"{title} of 4 min, the default", long, default, choices=some + [(2, 15, None), (6, 15, None)])
        by_other_models(title, long, akin, work, some)


def by_whole(whole, clips, clip_vectors, others, default, untrained):
    by_place("25 whole songs among themselves, the default without their artists", whole, default)
    by_descriptor("25 whole songs among themselves, the default without their artists", whole, default)
    by_descriptor("25 whole songs among themselves and 573 clips of others, the same model", whole, default, others)
    by_descriptor("25 whole songs among themselves, descriptor (untrained)", whole, untrained, choices=CHOICES)
    windows = [(3, 10, None), (5, 6, None), (2, 30, None), (3, 30, None)]
    by_window("Windows of 30 s ask for their song among whole songs and clips", whole, default, others[1], windows)
    by_clip(whole, clips, clip_vectors, others[1], default)


def by_other_models(name, songs, akin, work, choices):
    by_vectors(f"{name}, mfcc", songs, akin, work, "mfcc", choices, e.cosine)
    by_vectors(f"{name}, mfcc-standardised", songs, akin, work, "mfcc", choices, lambda x: e.cosine(e.standardised(x)))
    network = work / "net/model.safetensors"
    if network.exists():
        longer = [choice for choice in choices if choice[1] == 30]
        by_vectors(f"{name}, a network", songs, akin, work, str(network), longer, e.cosine)


if __name__ == "__main__":
    main(*sys.argv[1:])
