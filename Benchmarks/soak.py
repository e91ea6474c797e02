"""Mixed load on `akin serve` for minutes, by clients in Python: is memory flat, does every answer come?"""

import http.client
import itertools
import random
import threading
import time
import urllib.parse

import served

CLIENTS = 8
# Before memory is looked at for the first time: by then all threads, caches and pools are there.
WARM_UP = 30


def table(akin, library, minutes):
    """Markdown: memory at the start, after each minute, and at the end."""
    with served.server(akin, library) as server:
        served.ask(server.url, "/api/v1/status")
        found = run(server, library, minutes)
    sizes = ", ".join(f"{own / 1e6:.0f}" for own in found["memory"])
    yield f"| {minutes:g} minutes of all of it mixed, {CLIENTS} clients | |"
    yield "| --- | ---: |"
    yield f"| memory without the mapped vectors, MB, at the start and after each minute | {sizes} |"
    yield f"| answers, and how many failed | {found['answers']:,}, {found['failed']:,} |"
    yield f"| the slowest answer, ms | {1000 * found['slowest']:.0f} |"


def run(server, library, minutes, clients=CLIENTS, warm_up=WARM_UP):
    """Loads a server; its memory at the start and after each minute, and how many answers came."""
    stop, lock = threading.Event(), threading.Lock()
    found = {"answers": 0, "failed": 0, "slowest": 0.0, "failures": []}

    def client(number):
        address = urllib.parse.urlsplit(server.url).netloc
        connection = http.client.HTTPConnection(address, timeout=60)
        for path in mixed(library, number):
            if stop.is_set():
                break
            start = time.perf_counter()
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                body = answer.read()
                is_good = answer.status == 200 and b'"status":"failed"' not in body
                failure = None if is_good else f"{path}: {answer.status} {body[:200]}"
            except (OSError, http.client.HTTPException) as error:
                failure = f"{path}: {error!r}"
                connection.close()
            with lock:
                found["answers"] += 1
                found["slowest"] = max(found["slowest"], time.perf_counter() - start)
                if failure:
                    found["failed"] += 1
                    found["failures"] = (found["failures"] + [failure])[:10]
        connection.close()

    threads = [threading.Thread(target=client, args=(number,), daemon=True) for number in range(clients)]
    for thread in threads:
        thread.start()
    time.sleep(warm_up)
    found["memory"] = [served.memory(server.pid)[1]]
    start = time.monotonic()
    while (left := minutes * 60 - (time.monotonic() - start)) > 0:
        time.sleep(min(60, left))
        found["memory"].append(served.memory(server.pid)[1])
    stop.set()
    for thread in threads:
        thread.join(70)
    return found


def mixed(library, number):
    """Paths without an end, of all kinds by turns."""
    asked, generator = served.Questions(library, seed=100 + number), random.Random(number)
    again = asked.similar(asked.songs[:200]) + asked.similar_songs(asked.songs[:200])
    many = [
        asked.all_songs(), asked.search(), asked.page_search(), asked.albums("newest"), asked.albums("random"),
        asked.albums("alphabeticalByName"), asked.page_albums(), asked.song(), again,
        ["/", "/health", "/api/v1/status", served.REST.format("getGenres"), served.REST.format("getArtists")],
    ]  # fmt: skip
    for place in itertools.count():
        yield asked.similar(asked.new(1))[0] if place % 3 == 0 else generator.choice(generator.choice(many))
