"""A library of a collection's songs, asked and answered through the program."""

import json
import os
import random
import subprocess
import sys

import numpy as np


class Library:
    def __init__(self, akin, path, folder, labels):
        self.akin, self.path = akin, path
        self.files = [os.path.realpath(os.path.join(folder, row["path"])) for row in labels]
        self.places = {file: place for place, file in enumerate(self.files)}

    def run(self, *words, **options):
        command = [self.akin, *map(str, words), "--library", self.path]
        done = subprocess.run(command, capture_output=True, text=True, **options)
        if done.returncode not in (0, 2):
            sys.exit(f"{' '.join(command)}: {done.stderr}")
        return done.stdout

    def similarity(self, queries):
        result = np.full((len(self.files),) * 2, -9.0)
        for query in queries:
            for song in json.loads(self.run("similar", self.files[query], "-n", len(self.files), "--json")):
                result[query, self.places[os.path.realpath(song["path"])]] = song["similarity"]
        return result

    def ask(self, likeness, noise, count, options, seed, unasked):
        """Answers `count` questions, none about the songs `unasked`; the answers, the odd song first."""
        unasked = [self.files[place] for place in unasked]
        # What is blocked is neither asked about nor found.
        self.run("block", *unasked)
        generator, answers = random.Random(seed), []
        command = [self.akin, "ear", "ask", "--json", "-q", "-n", str(count), "--seed", str(seed), *options,
                   "--library", self.path]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as asking:
            while len(answers) < count:
                songs = [self.places[os.path.realpath(path)] for path in json.loads(asking.stdout.readline())["songs"]]
                a, b, c = songs
                pairs = [likeness[b, c], likeness[a, c], likeness[a, b]]
                odd = int(np.argmax(pairs))
                # Who hears no difference skips the question.
                if sorted(pairs)[1] == pairs[odd] and generator.random() >= noise:
                    asking.stdin.write("s\n")
                    asking.stdin.flush()
                    continue
                if generator.random() < noise:
                    odd = generator.randrange(3)
                answers.append([songs[odd]] + [s for s in songs if s != songs[odd]])
                asking.stdin.write(f"{odd + 1}\n")
                asking.stdin.flush()
            asking.stdin.close()
            lesson = json.loads(asking.stdout.readlines()[-1])
        self.run("block", "--remove", *unasked)
        return answers, lesson
