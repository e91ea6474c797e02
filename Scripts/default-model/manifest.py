#!/usr/bin/env python3
"""Joins collections of music into one manifest to learn from: manifest.py FOLDER… > songs.csv

Each folder has a labels.csv with the columns path, artist, album, genre and collection. Classes are artists. The genre
is the `collection` where a folder's genres are its collections (Emotify's four), and otherwise the column `genre`.
"""

import csv
import os
import sys


def songs(folder):
    name = os.path.basename(os.path.abspath(folder))
    rows = list(csv.DictReader(open(os.path.join(folder, "labels.csv"), encoding="utf-8")))
    genres_are_collections = name == "emotify"
    for row in rows:
        yield {
            "path": os.path.abspath(os.path.join(folder, row["path"])),
            "artist": row["artist"],
            "album": row["album"],
            "genre": row["collection"] if genres_are_collections else row["genre"],
            "subgenre": "",
            "class": f"{name}: {row['artist']}",
            "collection": name,
        }


if __name__ == "__main__":
    columns = ["path", "artist", "album", "genre", "subgenre", "class", "collection"]
    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    writer.writeheader()
    for folder in sys.argv[1:]:
        writer.writerows(songs(folder))
