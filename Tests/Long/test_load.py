"""What only shows after minutes: memory that grows, music that stops, connections that are never closed.

    make load              MINUTES=10 MUSIC=FOLDER
"""

import os
import select
import time

import listening
import pytest
import served
import soak
from sockets import Connection, children, open_files, request

MINUTES = float(os.environ.get("MINUTES", 10))
# How long a connection may be silent at most before a request, in seconds.
SILENCE = 150

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="reads what Linux's /proc says")


def test_memory_is_flat_under_mixed_load(akin, library):
    with served.server(akin, library) as server:
        served.ask(server.url, "/api/v1/status")
        files = open_files(server.pid)
        found = soak.run(server, library, MINUTES)
        assert found["failed"] == 0, found["failures"]
        assert found["answers"] > 20 * 60 * MINUTES
        first, last = found["memory"][0], found["memory"][-1]
        assert last - first < 20e6 + 0.1 * first, [f"{size / 1e6:.0f} MB" for size in found["memory"]]
        assert open_files(server.pid) <= files + 20 and not children(server.pid)


def test_fifty_listeners_while_it_indexes(akin, music, tmp_path):
    library, aside = listening.prepare(akin, music, tmp_path)
    with served.server(akin, library) as server:
        found = listening.run(
            server, 60, during=lambda: listening.index_anew(server.url, aside, tmp_path / "heard"))
        assert found["stalls"] == 0 and found["during"] > 0 and found["median"] < 1 and found["largest"] < 5, found
        assert not children(server.pid)


def test_silent_connections_are_closed_and_paused_music_is_not(akin, library):
    """Those who wait for nothing make room; a player that has read enough for now keeps its song."""
    with served.server(akin, library) as server:
        song = served.ask(server.url, served.REST.format("getRandomSongs") + "&size=1")["randomSongs"]["song"][0]
        silent = {name: Connection(server.url) for name in ("nothing", "half a head", "half a body", "after an answer")}
        silent["half a head"].send("GET /health HTTP/1.1\r\nHos")
        silent["half a body"].send(
            request("/api/v1/playlist", "localhost", "Content-Type: application/json", "Content-Length: 10",
                    method="POST") + "{")
        silent["after an answer"].get("/health")
        assert silent["after an answer"].answer()[0] == 200
        paused = Connection(server.url, buffer=4096)
        paused.get(served.REST.format("stream") + f"&id={song['id']}&format=wav")
        assert paused.socket.recv(12) == b"HTTP/1.1 200"
        end, closed = time.monotonic() + SILENCE, set()
        while len(closed) < len(silent) and time.monotonic() < end:
            ready, _, _ = select.select([silent[name].socket for name in silent if name not in closed], [], [], 1)
            closed |= {name for name in silent if silent[name].socket in ready and silent[name].is_closed()}
        assert closed == set(silent), f"still open: {set(silent) - closed}"
        # Half a minute of sound in 16 bits.
        assert read_to_end(paused) > 1_000_000


def read_to_end(connection):
    """How many bytes come until the last chunk."""
    count, last = 0, b""
    while not last.endswith(b"\r\n0\r\n\r\n"):
        data = connection.socket.recv(1 << 16)
        if not data:
            return 0
        count, last = count + len(data), (last + data)[-16:]
    return count
