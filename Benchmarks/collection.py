#!/usr/bin/env python3
"""Makes a library of any size whose songs are invented and lie as real ones do.

    collection.py fit LIBRARY MODEL.npz          learns from a library that `akin index` made (model: descriptor or akin)
    collection.py make MODEL.npz SONGS LIBRARY   writes a library of so many invented songs, which akin opens
    collection.py compare LIBRARY LIBRARY…       a table, in Markdown, of the first beside the others

A descriptor is what varies between genres, plus what varies between the artists of a genre, plus what varies between the
songs of an artist; each part is drawn along the principal axes of the real songs, with the share of the variance that
the part has on that axis. Genres vary along different axes, and songs of an album have more in common. The variance on each axis is
adjusted until as many invented songs as there were real ones have the eigenvalues that the real ones had: those of a
sample are spread wider than those of what it was drawn from. The same numbers and the same seed make the same library.

Needs numpy. Nothing of a real song is in the file that `fit` writes but sums over all of them.
"""

import os
import sqlite3
import sys
from pathlib import Path

import numpy as np

# SongDescriptor: the parts that a search scales to a length of their own, and the limit of a standardised value.
PARTS = [(0, 935), (935, 1095), (1095, 1319), (1319, 1703)]
LIMIT = 2
# How unlike each other genres are in what varies within them, and how much songs of an album may have in common: by trial,
# until the nearest neighbours and the hubs of the invented songs were those of the real ones.
SHAPE, CLOSEST, LOOSE = 0.4, 0.5, 3
WORDS = (
    "love night blue river fire dance dream road light heart time rain gold sky home wild moon star deep sound "
    "glass stone summer winter black white ghost city ocean mirror paper silver thunder velvet garden shadow"
).split()


# MARK: the numbers of a library


def read(library):
    """The descriptors of a library, and the artist and the genre of each as numbers."""
    database = sqlite3.connect(f"file:{library}?mode=ro", uri=True)
    rows = database.execute(
        "SELECT vector, artist, genre FROM embedding JOIN track ON track.id = embedding.track "
        "JOIN model ON model.id = embedding.model WHERE model.identifier LIKE 'descriptor-%' ORDER BY track.id"
    ).fetchall()
    if not rows:
        sys.exit(f"{library} holds no descriptors; run `akin index` first")
    vectors = np.stack([np.frombuffer(row[0], "<f4", PARTS[-1][1]) for row in rows]).astype(np.float64)
    return vectors, numbered([row[1] or f"?{i}" for i, row in enumerate(rows)]), numbered([row[2] or "?" for row in rows])


def numbered(names):
    return np.unique([name.lower() for name in names], return_inverse=True)[1]


def unit(x):
    return x / np.maximum(1e-12, np.linalg.norm(x, axis=1, keepdims=True))


def standardised(x):
    deviation = x.std(0)
    return (x - x.mean(0)) / np.where(deviation > 1e-9, deviation, 1)


def searched(x):
    """What a search compares, before songs are moved: `SongDescriptor.searchVector`, of length 1."""
    z = np.clip(standardised(x), -LIMIT, LIMIT)
    z[:, :32] *= 1.5
    return unit(np.hstack([unit(z[:, a:b]) * (1 if a == 0 else 0.2) for a, b in PARTS])).astype(np.float32)


# MARK: learning


def group_means(z, groups):
    sums = np.zeros((groups.max() + 1, z.shape[1]))
    np.add.at(sums, groups, z)
    counts = np.bincount(groups, minlength=len(sums))
    return sums / np.maximum(1, counts)[:, None], counts


def shares(scores, artist, genre):
    """The shares of each axis's variance between genres, between artists of a genre, and between songs of an artist."""
    home = np.zeros(artist.max() + 1, int)
    home[artist] = genre
    means, counts = group_means(scores, artist)
    several = counts > 1
    inside = ((scores - means[artist]) ** 2)[several[artist]].sum(0) / (counts[several] - 1).sum()
    # Artists' means vary by their own variance and by that of the songs that are averaged.
    centres, artists = group_means(means, home)
    crowded = artists > 1
    between = ((means - centres[home]) ** 2)[crowded[home]].sum(0) / (artists[crowded] - 1).sum()
    own = np.maximum(0, between - inside * (1 / counts[crowded[home]]).mean())
    total = scores.var(0)
    found = np.stack([np.maximum(0, total - own - inside), own, inside])
    found = np.maximum(found, 0.01 * found.sum(0))
    # Single axes are noisy: a mean over neighbouring ones, more of them further down.
    smooth = np.empty_like(found)
    for axis in range(found.shape[1]):
        width = axis // 4
        smooth[:, axis] = (found / found.sum(0))[:, max(0, axis - width) : axis + width + 1].mean(1)
    return smooth / smooth.sum(0)


def fit(library):
    vectors, artist, genre = read(library)
    z = np.clip(standardised(vectors), -3, 3)
    z -= z.mean(0)
    _, singular, axes = np.linalg.svd(z, full_matrices=True)
    count, dimension = z.shape
    real = singular**2 / count
    known = min(count, dimension) - 1
    scores = z @ axes[:known].T
    part = shares(scores, artist, genre)
    part = np.hstack([part, np.repeat(part[:, -1:], dimension - known, 1)])
    # Beyond what so few songs can tell, variance falls on as it fell before.
    variance = np.empty(dimension)
    variance[:known] = real[:known]
    tail = np.arange(known // 4, known * 3 // 4)
    slope = np.polyfit(tail, np.log(real[tail]), 1)[0]
    variance[known:] = real[known * 3 // 4] * np.exp(slope * (np.arange(known, dimension) - known * 3 // 4))
    model = {
        "mean": vectors.mean(0), "deviation": vectors.std(0), "axes": axes, "share": part, "variance": variance,
        "songs": count, "artists": artist.max() + 1, "genres": genre.max() + 1,
        "schema": schema(library), "sizes": np.sort(np.bincount(artist)), "popularity": np.sort(np.bincount(genre))[::-1] / count,
    }  # fmt: skip
    for turn in range(6):
        drawn = np.concatenate([part[0] for part in draw(model, count, seed=turn)])
        found = np.linalg.svd((drawn - drawn.mean(0)) / model["deviation"], compute_uv=False) ** 2 / count
        ratio = np.ones(dimension)
        ratio[:known] = real[:known] / np.maximum(found[:known], 1e-12)
        ratio[known:] = ratio[known // 2 : known].mean()
        model["variance"] *= np.clip(ratio, 0.2, 5) ** 0.7
    return model


# MARK: inventing


def draw(model, songs, seed=1):
    """Yields, some artists at a time, the descriptors of so many songs; the artist, genre and album of each."""
    generator = np.random.default_rng(seed)
    dimension = len(model["mean"])
    # As in the real library, but more of everything: twice the songs have 1.3 times the genres.
    genres = max(2, round(int(model["genres"]) * (songs / int(model["songs"])) ** 0.4))
    popularity = np.interp(
        np.linspace(0, 1, genres), np.linspace(0, 1, len(model["popularity"])), model["popularity"])
    popularity /= popularity.sum()
    scale = np.sqrt(model["variance"] * model["share"])
    centres = generator.standard_normal((genres, dimension)) * scale[0]
    centres -= popularity @ centres
    shape = np.exp(SHAPE * generator.standard_normal((genres, dimension)) - SHAPE**2)
    done = artist = 0
    while done < songs:
        parts, artists, kinds, albums = [], [], [], []
        while done < songs and sum(map(len, parts)) < 4096:
            size = min(int(generator.choice(model["sizes"])), songs - done)
            genre = generator.choice(genres, p=popularity)
            centre = centres[genre] + generator.standard_normal(dimension) * scale[1] * shape[genre]
            own = generator.standard_normal((size, dimension))
            # Songs of an album have more in common, of some albums nearly all.
            album = np.arange(size) // generator.integers(2, 6)
            common = generator.standard_normal((size, dimension))[album]
            share = (CLOSEST * generator.random((size, 1)) ** LOOSE)[album]
            own = np.sqrt(share) * common + np.sqrt(1 - share) * own
            parts.append(centre + own * scale[2] * shape[genre])
            artists += [artist] * size
            kinds += [int(genre)] * size
            albums += album.tolist()
            artist, done = artist + 1, done + size
        z = np.concatenate(parts) @ model["axes"]
        yield model["mean"] + z * model["deviation"], artists, kinds, albums


def schema(library):
    """What makes an empty library, as a script."""
    database = sqlite3.connect(f"file:{library}?mode=ro", uri=True)
    statements = [row[0] for row in database.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type = 'trigger'")]
    statements += [
        f"INSERT INTO grdb_migrations VALUES ('{row[0].replace(chr(39), chr(39) * 2)}')"
        for row in database.execute("SELECT * FROM grdb_migrations")]
    statements.append(f"PRAGMA application_id = {database.execute('PRAGMA application_id').fetchone()[0]}")
    return ";\n".join(statements) + ";"


def named(number, salt):
    """A name that is nobody else's."""
    generator = np.random.default_rng([number, salt])
    return " ".join(generator.choice(WORDS, 2)) + f" {number}"


def make(model, songs, library, seed=1):
    """Writes a library of invented songs in the folder /invented, which need not exist."""
    for ending in ("", "-wal", "-shm"):
        Path(str(library) + ending).unlink(missing_ok=True)
    database = sqlite3.connect(library)
    database.executescript(str(model["schema"]))
    triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        database.execute(f"DROP TRIGGER {name}")
    dimension = len(model["mean"])
    database.execute(
        "INSERT INTO model (id, identifier, name, kind, dimension, created, revision) VALUES (1, 'descriptor-1', "
        "'descriptor', 'descriptor', ?, 0, ?)", (dimension, seed * 1_000_003 + songs))
    database.execute("INSERT INTO root (path) VALUES ('/invented')")
    number = 0
    for vectors, artists, genres, albums in draw(model, songs, seed):
        tracks, names, embeddings = [], [], []
        for vector, artist, genre, album in zip(vectors.astype("<f4"), artists, genres, albums, strict=True):
            number += 1
            texts = {
                "artist": named(artist, 1), "album": named(artist * 50 + album, 2), "genre": named(genre, 3),
            }  # fmt: skip
            title = named(number, 4)
            year = 1960 + (genre * 7 + artist % 9 + album) % 60
            tracks.append((
                number, f"/invented/{texts['artist']}/{texts['album']}/{title}.flac", title, texts["artist"],
                texts["album"], texts["genre"], str(year), 120 + number * 37 % 240, 1000, 1,
                f"{title}\n{texts['artist']}\n"))  # fmt: skip
            names += [(kind, text, number, text) for kind, text in texts.items()]
            embeddings.append((1, number, vector.tobytes()))
        with database:
            database.executemany(
                "INSERT INTO track (id, path, title, artist, album, genre, date, duration, fileSize, modificationTime, "
                "searchText) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", tracks)
            database.executemany("INSERT INTO trackName (kind, key, track, name) VALUES (?, ?, ?, ?)", names)
            database.executemany("INSERT INTO embedding (model, track, vector) VALUES (?, ?, ?)", embeddings)
    for _, sql in triggers:
        database.execute(sql)
    database.commit()
    database.close()


# MARK: comparing


def nearest(x, count=10, block=2048):
    """The rows of the nearest by the cosine, and the cosine of the first."""
    rows, first = [], []
    for start in range(0, len(x), block):
        cosines = x[start : start + block] @ x.T
        cosines[np.arange(len(cosines)), np.arange(start, start + len(cosines))] = -np.inf
        best = np.argpartition(-cosines, count, axis=1)[:, :count]
        rows.append(best)
        first.append(np.take_along_axis(cosines, best, 1).max(1))
    return np.concatenate(rows), np.concatenate(first)


def skewness(counts):
    return float((((counts - counts.mean()) / counts.std()) ** 3).mean())


def figures(vectors):
    """What tells one collection from another: eigenvalues, nearest neighbours, hubs."""
    x = searched(vectors)
    eigen = np.linalg.svd((x - x.mean(0)).astype(np.float64), compute_uv=False) ** 2 / len(x)
    total = eigen.sum()
    found = {f"share of the variance on axis {k}": eigen[k - 1] / total for k in (1, 2, 5, 10, 20, 50, 100, 200)}
    found["axes that hold half of the variance"] = int(np.searchsorted(np.cumsum(eigen), total / 2)) + 1
    found["axes that hold 90 % of it"] = int(np.searchsorted(np.cumsum(eigen), 0.9 * total)) + 1
    generator = np.random.default_rng(1)
    pairs = generator.integers(0, len(x), (2, 20000))
    pairs = pairs[:, pairs[0] != pairs[1]]
    cosines = (x[pairs[0]] * x[pairs[1]]).sum(1)
    found["cosine of two songs: deviation"] = float(cosines.std())
    rows, first = nearest(x)
    for share in (5, 25, 50, 75, 95):
        found[f"cosine of the nearest song: {share}th of 100"] = float(np.quantile(first, share / 100))
    counts = np.bincount(rows.ravel(), minlength=len(x))
    found["10-occurrence: skewness"] = skewness(counts)
    found["10-occurrence: largest"] = int(counts.max())
    found["share in nobody's list"] = float((counts == 0).mean())
    return found


def compare(libraries):
    columns = [figures(read(library)[0]) for library in libraries]
    print("| | " + " | ".join(os.path.basename(library) for library in libraries) + " |")
    print("| --- " + "| ---: " * len(libraries) + "|")
    for name in columns[0]:
        cells = [f"{c[name]:,}" if isinstance(c[name], int) else f"{c[name]:.3f}" for c in columns]
        print(f"| {name} | " + " | ".join(cells) + " |")


def main(arguments):
    match arguments:
        case ["fit", library, model]:
            np.savez_compressed(model, **fit(library))
        case ["make", model, songs, library]:
            make(dict(np.load(model)), int(songs), library)
        case ["compare", *libraries] if libraries:
            compare(libraries)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
