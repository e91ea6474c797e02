"""A running `akin serve`, what is asked of it, and what it costs."""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import random
import sqlite3
import subprocess
import tempfile
import urllib.parse
import urllib.request

LUA = pathlib.Path(__file__).resolve().parent / "serving.lua"
REST = "/rest/{}?u=bench&p=bench&v=1.16.1&c=bench&f=json"


@contextlib.contextmanager
def server(akin, library, environment=None):
    """Its process, with the attribute `url`."""
    process = subprocess.Popen(
        [akin, "serve", "--port", "0", "--library", library], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        process.url = process.stdout.readline().strip().rstrip("/")
        if not process.url:
            raise SystemExit("akin serve did not start")
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def temporary_folder():
    with tempfile.TemporaryDirectory(prefix="akin-serving-") as folder:
        yield pathlib.Path(folder).resolve()


def ask(url, path):
    """The answer in JSON; an end of the program if it is none, or says that it failed."""
    with urllib.request.urlopen(url + path, timeout=120) as answer:
        text = answer.read()
    found = json.loads(text)
    found = found.get("subsonic-response", found)
    if found.get("status") == "failed":
        raise SystemExit(f"{path}: {found}")
    return found


def ask_all(url, paths):
    """Asks for each of the paths once."""
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        for _ in pool.map(lambda path: ask(url, path), paths):
            pass


def wrk(url, paths, connections, seconds):
    """Asks for the paths in turn; what serving.lua prints of it."""
    ask(url, paths[0])
    threads = min(2, connections)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(paths) + "\n")
        file.flush()
        done = subprocess.run(
            ["wrk", "-t", str(threads), "-c", str(connections), "-d", f"{seconds}s", "--timeout", "60s", "-s", LUA, url,
             "--", file.name, str(threads)], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"wrk failed: {done.stderr or done.stdout}")
    found = json.loads(done.stdout.strip().splitlines()[-1])
    if found["failed"]:
        raise SystemExit(f"{paths[0]} and so on: {found['failed']} of {found['answers']} requests failed")
    return found


def memory(process):
    """The bytes that a process has in memory: all, and those that are not a file's."""
    status = pathlib.Path(f"/proc/{process}/status")
    if not status.exists():
        resident = 1024 * int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(process)]))
        return resident, resident  # macOS does not tell them apart
    facts = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return tuple(1024 * int(facts[name].split()[0]) for name in ("VmRSS", "RssAnon"))


class Questions:
    """Paths that ask about a library. What is asked about one song comes of each song once, and then again."""

    def __init__(self, library, seed=1):
        database = sqlite3.connect(f"file:{library}?mode=ro", uri=True)
        self.songs = [row[0] for row in database.execute("SELECT id FROM track ORDER BY id")]
        (self.album_count,) = database.execute("SELECT count(DISTINCT album) FROM track").fetchone()
        texts = database.execute("SELECT title, artist, album, genre FROM track LIMIT 2000").fetchall()
        database.close()
        self.generator = random.Random(seed)
        self.generator.shuffle(self.songs)
        words = {word for row in texts for text in row if text for word in text.split()}
        self.words = sorted(word for word in words if word.isalpha())
        if len(self.words) < 2:
            raise SystemExit(f"{library}: its songs have too few words to search for")
        self.next = 0

    def new(self, count):
        """Songs that were not asked about, as long as there are any."""
        some = [self.songs[(self.next + place) % len(self.songs)] for place in range(count)]
        self.next += count
        return some

    def similar(self, songs):
        return [f"/api/v1/songs/{song}/similar?count=20" for song in songs]

    def similar_songs(self, songs):
        return [REST.format("getSimilarSongs2") + f"&id=so-{song}&count=50" for song in songs]

    def sonic(self, songs):
        return [REST.format("getSonicSimilarTracks") + f"&id=so-{song}&count=20" for song in songs]

    def pages(self, of, size=500):
        offsets = list(range(0, max(1, of - size), size))
        self.generator.shuffle(offsets)
        return offsets

    def all_songs(self):
        return [
            REST.format("search3") + f"&query=&artistCount=0&albumCount=0&songCount=500&songOffset={offset}"
            for offset in self.pages(len(self.songs))]  # fmt: skip

    def two_words(self):
        pairs = [f"{one} {other}" for one in self.words for other in self.words if one != other]
        self.generator.shuffle(pairs)
        return [urllib.parse.quote(pair) for pair in pairs[:2000]]

    def search(self):
        return [REST.format("search3") + f"&query={words}" for words in self.two_words()]

    def page_search(self):
        return [f"/api/v1/search?q={words}" for words in self.two_words()]

    def albums(self, order):
        return [
            REST.format("getAlbumList2") + f"&type={order}&size=500&offset={offset}"
            for offset in self.pages(self.album_count)]  # fmt: skip

    def page_albums(self):
        return [f"/api/v1/albums?count=100&offset={offset}" for offset in self.pages(self.album_count)]

    def song(self):
        return [REST.format("getSong") + f"&id=so-{song}" for song in self.songs[:2000]]
