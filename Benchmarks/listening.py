"""Listeners who stream at the rate of playing, while the server indexes."""

import asyncio
import json
import random
import shutil
import statistics
import subprocess
import time
import urllib.parse
import urllib.request

import served

LISTENERS, SECONDS = 50, 60
# More songs than these are not needed.
MOST = 300
# Listeners choose from these, the last that were indexed.
LAST = 50
# What a player has before it starts to play, and how far it reads ahead, in seconds of music.
START, AHEAD = 2, 10
BIT_RATE = 128
# A listener gives up, and counts as one for whom the music stopped, if nothing comes for so many seconds.
PATIENCE = 30


def table(akin, music, folder, library):
    """Markdown: whether the music, added to a library, stops for any of the listeners while other songs are indexed
    again and again."""
    shutil.copy(library, folder / "heard.sqlite")
    library, aside = prepare(akin, music, folder)
    with served.server(akin, library) as server:
        found = run(server, SECONDS, during=lambda: index_anew(server.url, aside, folder / "heard"))
    yield f"| {LISTENERS} listeners for {SECONDS} s, every second to songs that are converted, while it indexes | |"
    yield "| --- | ---: |"
    yield f"| times that the music stopped | {found['stalls']} |"
    yield f"| seconds until the music began: median, largest | {found['median']:.2f}, {found['largest']:.2f} |"
    yield f"| songs that were indexed meanwhile | {found['during']:,} |"


def run(server, seconds, during, listeners=LISTENERS):
    """Listens for so long; how often the music stopped and how soon it began. `during` is called again and again
    meanwhile, in a thread, and gives a number to be added up."""
    return asyncio.run(_run(server.url, seconds, during, listeners))


async def _run(url, seconds, during, listeners):
    songs = songs_of(url)
    end = time.monotonic() + seconds
    indexing = asyncio.create_task(again(during, end))
    heard = await asyncio.gather(*(listener(url, songs, number, end) for number in range(listeners)))
    starts = [start for _, some in heard for start in some]
    return {
        "stalls": sum(stalls for stalls, _ in heard), "median": statistics.median(starts), "largest": max(starts),
        "during": await indexing,
    }  # fmt: skip


async def again(function, end):
    total = 0
    while time.monotonic() < end:
        total += await asyncio.to_thread(function)
    return total


def songs_of(url):
    """The number and the bytes a second of the songs that were indexed last."""
    count = served.ask(url, "/api/v1/status")["library"]["tracks"]
    path = served.REST.format("search3") + "&query=&artistCount=0&albumCount=0&songCount=500"
    path += f"&songOffset={max(0, count - LAST)}"
    songs = served.ask(url, path)["searchResult3"]["song"]
    return [(song["id"], song["size"] / song["duration"]) for song in songs if song.get("duration")]


async def listener(url, songs, number, end):
    """How often the music stopped, and how long each song took to begin."""
    generator, stalls, starts = random.Random(number), 0, []
    await asyncio.sleep(generator.uniform(0, 2))
    while time.monotonic() < end:
        song, rate = generator.choice(songs)
        path = served.REST.format("stream") + f"&id={song}"
        if number % 2:
            path, rate = path + f"&format=mp3&maxBitRate={BIT_RATE}", BIT_RATE * 1000 / 8
        more, start = await play(url, path, rate, end)
        stalls += more
        starts.append(start)
    return stalls, starts


async def play(url, path, rate, end):
    """Plays a song: how often its buffer was empty, and after how many seconds it began."""
    address = urllib.parse.urlsplit(url)
    began = time.monotonic()
    reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=1 << 16)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n".encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{path}: {head.splitlines()[0]}")
        got, stalls, playing = 0, 0, None
        while time.monotonic() < end:
            data = await asyncio.wait_for(reader.read(1 << 14), PATIENCE)
            now = time.monotonic()
            got += len(data)
            if playing is None:
                if got >= START * rate or not data:
                    start, playing = now - began, now
            elif got / rate < now - playing and data:
                # What was played is more than what had come: the player waits until it has enough again.
                stalls, playing = stalls + 1, now - got / rate + START
            if not data:
                break
            if playing is not None and (early := got / rate - (now - playing) - AHEAD) > 0:
                await asyncio.sleep(early)
        return stalls, start if playing is not None else time.monotonic() - began
    except TimeoutError:
        return 1, time.monotonic() - began
    finally:
        writer.close()


def prepare(akin, music, folder):
    """Indexes a copy of two thirds of some music; the library, and a folder with the other third."""
    heard, aside, library = folder / "heard", folder / "aside", folder / "heard.sqlite"
    files = sorted(path for path in music.rglob("*") if path.suffix.lower() in (".mp3", ".flac", ".ogg", ".wav"))
    for place, path in enumerate(files[:MOST]):
        target = aside if place % 3 == 0 else heard
        target.mkdir(exist_ok=True)
        shutil.copy(path, target / f"{place}{path.suffix}")
    subprocess.run([akin, "index", heard, "--library", library, "--quiet"], check=True)
    return library, aside


def index_anew(url, aside, heard):
    """Adds the songs that were put aside, which are listened to, and takes them away again: how many were heard."""
    for path in aside.iterdir():
        shutil.copy(path, heard / f"again-{path.name}")
    added = indexed(url)["added"]
    for path in heard.glob("again-*"):
        path.unlink()
    indexed(url)
    return added


def indexed(url):
    """Starts an indexing by the server and waits for its end."""
    request = urllib.request.Request(url + "/api/v1/indexing", b"", {"Content-Type": "application/json"}, method="POST")
    with urllib.request.urlopen(request, timeout=60):
        pass
    while (state := served.ask(url, "/api/v1/indexing"))["phase"] == "running":
        time.sleep(0.2)
    if state["phase"] != "done":
        raise SystemExit(f"indexing failed: {json.dumps(state)}")
    return state
