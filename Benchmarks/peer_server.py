"""`akin serve` beside supysonic (Debian's package): the same calls on the same files, by wrk, in turns."""

import configparser
import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request

import served
from quiet import undisturbed

SONGS, ALBUM, ARTIST = 5000, 10, 50  # songs of an album, and of an artist
CONNECTIONS, SECONDS, RUNS = 4, 5, 3
LOGIN = "u=bench&p=bench&v=1.16.1&c=bench&f=json"
CALLS = {
    "`search3`, pages of 500 songs": [
        f"search3?query=&artistCount=0&albumCount=0&songCount=500&songOffset={offset}"
        for offset in range(0, SONGS, 500)],
    "`search3`, a word": [f"search3?query={word}" for word in ("love", "night", "river", "gold", "dream")],
    "`getAlbumList2`, 100 albums by name": [
        f"getAlbumList2?type=alphabeticalByName&size=100&offset={offset}" for offset in range(0, SONGS // ALBUM, 100)],
    "`getAlbumList2`, 100 newest albums": ["getAlbumList2?type=newest&size=100"],
    "`getAlbumList2`, 100 random albums": ["getAlbumList2?type=random&size=100"],
    "`getArtists`": ["getArtists?"],
    "`getGenres`": ["getGenres?"],
    "`getRandomSongs`, 50": ["getRandomSongs?size=50"],
    "`ping`": ["ping?"],
}  # fmt: skip
WORDS = (
    "love night blue river fire dance dream road light heart time rain gold sky home wild moon star deep sound"
).split()


def table(akin, folder):
    """Markdown: answers a second of both."""
    if not shutil.which("supysonic-server"):
        return
    music = folder / "tiny"
    make(music)
    with both(akin, folder, music) as (ours, theirs):
        for server in (ours, theirs):
            count = len(served.ask(server.url, path("search3?query=&songCount=500"))["searchResult3"]["song"])
            if count != 500:
                raise SystemExit(f"{server.url} knows {count} songs of 500")
        yield (
            f"| the same {SONGS:,} files, {CONNECTIONS} connections, answers/s: median, min, max | Akin | supysonic | "
            "Akin answers as many times more |")
        yield "| --- | ---: | ---: | ---: |"
        for name, calls in CALLS.items():
            rates = {ours.url: [], theirs.url: []}
            for turn in range(RUNS):
                for server in (ours, theirs) if turn % 2 == 0 else (theirs, ours):
                    others, found = undisturbed(
                        lambda: served.wrk(server.url, list(map(path, calls)), CONNECTIONS, SECONDS), tries=2,
                        running=[server.pid])
                    rates[server.url].append(found["answers"] / found["seconds"])
                    print(name, server.url, found, f"others {others:.2f}", file=sys.stderr, flush=True)
            cells = [
                ", ".join(f"{rate:,.1f}" for rate in (statistics.median(some), min(some), max(some)))
                for some in rates.values()]
            ratio = statistics.median(rates[ours.url]) / statistics.median(rates[theirs.url])
            yield f"| {name} | {' | '.join(cells)} | {ratio:,.0f} × |"


def path(call):
    name, _, query = call.partition("?")
    return f"/rest/{name}.view?{LOGIN}&{query}"


def make(folder):
    """MP3 files of a second of noise, each other noise, with tags."""
    frame, frames = 96, 42  # MPEG-2, layer 3, 24 kHz, 32 kbit/s: 24 ms in 96 bytes
    sound = subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", f"anoisesrc=d={SONGS * 1.02}:r=24000:c=pink:seed=1",
         "-b:a", "32k", "-reservoir", "0", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3", "pipe:1"],
        stdout=subprocess.PIPE, check=True).stdout
    for number in range(SONGS):
        artist, album = number // ARTIST, number // ALBUM
        word, other = WORDS[number % len(WORDS)], WORDS[number // 7 % len(WORDS)]
        tags = {
            b"TIT2": f"{word} {other} {number}", b"TPE1": f"{WORDS[artist % len(WORDS)]} {artist}",
            b"TPE2": f"{WORDS[artist % len(WORDS)]} {artist}", b"TALB": f"{other} {album}",
            b"TRCK": str(number % ALBUM + 1), b"TYER": str(1960 + album % 60), b"TCON": f"genre {artist % 20}",
        }  # fmt: skip
        place = folder / f"artist {artist}" / f"album {album}"
        place.mkdir(parents=True, exist_ok=True)
        start = number * frame * frames % (len(sound) - frame * frames)
        start -= start % frame
        (place / f"{number}.mp3").write_bytes(id3(tags) + sound[start:start + frame * frames])


def id3(tags):
    """A tag of ID3, version 2.3."""
    frames = b"".join(
        name + (len(text) + 1).to_bytes(4, "big") + b"\0\0\0" + text.encode("latin-1") for name, text in tags.items())
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\3\0\0" + size + frames


@contextlib.contextmanager
def both(akin, folder, music):
    """Both servers, each with a user, on the same files."""
    library = folder / "tiny.sqlite"
    subprocess.run([akin, "index", music, "--library", library, "--quiet"], check=True)
    subprocess.run([akin, "user", "add", "bench", "--library", library], input="bench\n", text=True, check=True,
                   stdout=subprocess.DEVNULL)
    environment = configure(folder)

    def manage(*words):
        subprocess.run(["supysonic-cli", *words], env=environment, check=True, stdout=subprocess.DEVNULL)

    manage("user", "add", "bench", "-p", "bench")
    manage("folder", "add", "tiny", str(music))
    manage("folder", "scan", "-f", "tiny")
    port = free_port()
    with served.server(akin, library) as ours, subprocess.Popen(
        ["supysonic-server", "--host", "127.0.0.1", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as theirs:  # fmt: skip
        theirs.url = f"http://127.0.0.1:{port}"
        try:
            wait_for(theirs.url)
            yield ours, theirs
        finally:
            theirs.terminate()


def configure(folder):
    """An environment in which supysonic keeps everything in a folder."""
    home = folder / "supysonic"
    (home / ".config/supysonic").mkdir(parents=True)
    settings = configparser.RawConfigParser()
    settings["base"] = {"database_uri": f"sqlite:///{home}/supysonic.db"}
    settings["webapp"] = {"cache_dir": f"{home}/cache"}
    settings["daemon"] = {"socket": f"{home}/supysonic.sock"}
    with (home / ".config/supysonic/supysonic.conf").open("w") as file:
        settings.write(file)
    return os.environ | {"HOME": str(home)}


def free_port():
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return some.getsockname()[1]


def wait_for(url):
    for _ in range(100):
        try:
            served.ask(url, path("ping"))
            return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise SystemExit("supysonic does not answer")
