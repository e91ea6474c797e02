#!/usr/bin/env python3
"""Makes Sources/SearchSpaces/TypicalDescriptor.swift from collections of music:

    akin embed --model descriptor - < FILES | typical-descriptor.py FOLDER… > TypicalDescriptor.swift

where each line of FILES is a path below one of the folders. Every folder is a collection of its own and weighs the
same: the mean of each value is the average of the collections' means, its deviation the root of the average of their
variances. Needs nothing but Python.
"""

import json
import math
import sys


def statistics(rows):
    means = [math.fsum(column) / len(rows) for column in zip(*rows)]
    squares = [math.fsum((x - m) ** 2 for x in column) / len(rows) for column, m in zip(zip(*rows), means)]
    return means, squares


def table(name, values):
    lines, line = [], "   "
    for value in values:
        text = f" {value:.4g},"
        if len(line) + len(text) > 120:
            lines.append(line)
            line = "   "
        line += text
    # Wide lines and no word between the numbers: the formatter would put each on a line of its own.
    return f"  // swift-format-ignore\n  static let {name}: [Float] = [\n" + "\n".join(lines + [line]) + "\n  ]"


def main(folders):
    collections = {folder: [] for folder in folders}
    for line in sys.stdin:
        song = json.loads(line)
        if "embedding" in song:
            folder = next(folder for folder in folders if song["path"].startswith(folder.rstrip("/") + "/"))
            collections[folder].append(song["embedding"])
    each = [statistics(rows) for rows in collections.values()]
    means = [sum(values) / len(each) for values in zip(*(means for means, _ in each))]
    deviations = [math.sqrt(sum(values) / len(each)) for values in zip(*(squares for _, squares in each))]
    songs = " and ".join(str(len(rows)) for rows in collections.values())
    print("/// The values of a `SongDescriptor` in a typical collection: averages over collections of "
          f"{songs} songs, each of\n"
          "/// which weighs the same. Made by Scripts/typical-descriptor; "
          "a new recipe of the descriptor needs a new one.\n"
          "enum TypicalDescriptor {\n  /// The mean of each value.\n"
          + table("means", means) + "\n\n  /// The standard deviation of each value within a collection.\n"
          + table("deviations", deviations) + "\n}")


main(sys.argv[1:])
