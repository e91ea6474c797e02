"""`akin serve` over real sockets: clients that are slow, many, or gone; its beginning and its end."""

import contextlib
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse

import pytest
from conftest import AKIN, Server, akin
from sockets import (
    REST,
    Connection,
    ask,
    children,
    memory,
    open_files,
    request,
    search,
    send,
    songs,
    the_long_song,
)

pytestmark = pytest.mark.usefixtures("lives")
needs_proc = pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="reads what Linux's /proc says")


@pytest.fixture(scope="module")
def server(open_server):
    return open_server


@pytest.fixture
def another(folder):
    """Starts servers that end with the test, however it ends."""
    with contextlib.ExitStack() as stack:

        def start(*options, **environment):
            server = Server(folder / "library.sqlite", *options, **environment)
            stack.callback(server.process.wait, 20)
            stack.callback(server.process.kill)
            return server

        yield start


def until(condition, seconds=10):
    """Waits until something holds, looking often; whether it did in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


# MARK: slow clients


def test_a_request_may_come_byte_by_byte(server):
    with Connection(server.url) as connection:
        for byte in request("/api/v1/status", connection.host).encode():
            connection.send(bytes([byte]))
        status, _, body = connection.answer()
    assert status == 200 and json.loads(body)["library"]["tracks"] == 13


def test_a_body_may_come_byte_by_byte(server):
    song = search(server)[0]["id"]
    body = json.dumps({"like": [{"song": song}], "count": 3}).encode()
    with Connection(server.url) as connection:
        connection.send(
            request("/api/v1/playlist", connection.host, "Content-Type: application/json",
                    f"Content-Length: {len(body)}", method="POST"))
        for byte in body:
            connection.send(bytes([byte]))
        status, _, answer = connection.answer()
    assert status == 200 and len(json.loads(answer)["songs"]) == 3


@needs_proc
@pytest.mark.parametrize("query", ["", "?format=wav"])
def test_listeners_who_do_not_read_cost_no_memory(server, query):
    """Twenty times 53 MB wait in files and pipes, not in the server."""
    song = the_long_song(server)
    ask(server.url, f"/api/v1/songs/{song}/stream?start=299&format=wav")
    before = memory(server.process.pid)
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(Connection(server.url, buffer=4096)) for _ in range(20)]
        for connection in connections:
            connection.get(f"/api/v1/songs/{song}/stream{query}")
        for connection in connections:
            assert connection.socket.recv(12) == b"HTTP/1.1 200"
        # As long as it may take to read all of it.
        end, most = time.monotonic() + 3, 0
        while time.monotonic() < end:
            most = max(most, memory(server.process.pid) - before)
            assert ask(server.url, "/health")[0] == 200
        assert most < 100e6, f"{most / 1e6:.0f} MB"
    assert until(lambda: not children(server.process.pid)), "ffmpeg goes on for nobody"


def test_an_answer_that_is_read_slowly_is_whole(server):
    with Connection(server.url, buffer=4096) as connection:
        connection.get(f"/api/v1/songs/{the_long_song(server)}/stream", "Range: bytes=0-999999")
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.socket.recv(1)
        head, body = data.split(b"\r\n\r\n", 1)
        while len(body) < 1_000_000:
            body += connection.socket.recv(997)
    assert head.startswith(b"HTTP/1.1 206") and body[:4] == b"RIFF"


# MARK: requests of a kind


def test_pipelined_requests_are_answered_in_their_order(server):
    ids = [song["id"] for song in search(server)]
    targets = [f"/api/v1/songs/{song}{part}" for song in ids for part in ("/similar?count=5", "", "/cover?size=32")]
    with Connection(server.url) as connection:
        connection.send("".join(request(target, connection.host) for target in targets))
        answers = [connection.answer() for _ in targets]
    for place, song in enumerate(ids):
        similar, itself, cover = answers[3 * place:3 * place + 3]
        assert similar[0] == 200 and song not in [entry["song"]["id"] for entry in json.loads(similar[2])["songs"]]
        assert json.loads(itself[2])["song"]["id"] == song
        assert cover[0] == 200 and cover[2][:2] == b"\xff\xd8"


def test_an_unread_body_does_not_become_the_next_request(server):
    """What belongs to a request that was refused is not taken for another (request smuggling)."""
    inner = request("/api/v1/status", "localhost")
    with Connection(server.url) as connection:
        connection.send(
            request("/api/v1/status", connection.host, f"Content-Length: {len(inner)}", method="POST") + inner
            + request("/health", connection.host))
        first, second = connection.answer(), connection.answer()
    assert first[0] in (404, 405)
    assert second is None or second[2] == b"ok\n"


@pytest.mark.parametrize("version", ["HTTP/1.0", "HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/9.9", "HTTPS/1.1", ""])
def test_other_versions_are_answered_or_refused(server, version):
    answer = send(server.url, f"GET /health {version}\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert answer is None or answer[0] in (200, 400, 505)


def test_a_connection_ends_when_the_client_says_so(server):
    with Connection(server.url, timeout=5) as connection:
        connection.get("/health", "Connection: close")
        assert connection.answer()[0] == 200
        assert connection.is_closed()


# MARK: many clients


def many(url, count, timeout=10):
    """So many connections at once; those that the server does not accept are not counted."""
    connections = []
    for _ in range(count):
        try:
            connections.append(Connection(url, timeout=timeout))
        except OSError:
            break
    return connections


@contextlib.contextmanager
def open_file_limit(count):
    """A limit for this process and those that it starts; skips the test where it is not allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and count > hard:
        pytest.skip(f"this process may open no more than {hard:,} files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@needs_proc
def test_ten_thousand_connections(another):
    """Silent ones, and ones in the middle of a request, keep nobody out, and leave nothing behind."""
    with open_file_limit(12_000):
        server = another()
        ask(server.url, "/api/v1/status")
        before = open_files(server.process.pid)
        connections = many(server.url, 10_000)
        assert len(connections) == 10_000
        for connection in connections[::2]:
            connection.send("GET /health HTTP/1.1\r\nHost: loc")
        start = time.monotonic()
        assert ask(server.url, "/health")[0] == 200
        assert songs(server) == 13
        assert time.monotonic() - start < 5
        for connection in connections[1::1000]:
            connection.get("/health")
            assert connection.answer()[0] == 200
        for connection in connections[::1000]:
            connection.send("alhost\r\n\r\n")
            assert connection.answer()[0] == 200
        for connection in connections:
            connection.close()
        assert until(lambda: open_files(server.process.pid) <= before + 5, 20), open_files(server.process.pid) - before
        assert ask(server.url, "/health")[0] == 200
        server.stop()


@needs_proc
def test_more_connections_than_it_may_open(another):
    """Those that are too many wait or are refused; when the others go, all is as it was."""
    server = another(open_files=150)
    song = the_long_song(server)
    connections = many(server.url, 300, timeout=1)
    # Those that were let in are served, whatever files and processes that takes.
    connections[0].get("/api/v1/search?q=Song")
    assert connections[0].answer()[0] == 200
    connections[1].get("/api/v1/events/stream")
    assert connections[1].socket.recv(12) == b"HTTP/1.1 200"
    connections[2].get(f"/api/v1/songs/{song}/stream?format=wav&start=299")
    assert len(connections[2].answer()[2]) > 100_000
    # libdispatch looks at its threads once a second, and ends the process if it cannot.
    with pytest.raises(subprocess.TimeoutExpired):
        server.process.wait(3)
    for connection in connections:
        connection.close()
    assert until(lambda: open_files(server.process.pid) < 60)
    assert songs(server) == 13 and search(server)
    assert ask(server.url, f"/api/v1/songs/{song}/stream?format=wav&start=299")[0] == 200
    server.stop()


def test_it_may_open_as_many_files_as_the_system_lets_it(folder):
    """Shells allow 1,024 open files, of which half are soon gone: the server takes what it may have."""
    code = (
        "import os, resource, sys; hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1];"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard)); os.execv(sys.argv[1], sys.argv[1:])")
    with subprocess.Popen(
        [sys.executable, "-c", code, AKIN, "serve", "--port", "0", "--library", str(folder / "library.sqlite")],
        stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            url = process.stdout.readline().strip().rstrip("/")
            connections = many(url, 200)
            for connection in connections:
                connection.get("/health")
            assert [connection.answer()[0] for connection in connections] == [200] * 200
        finally:
            process.kill()


# MARK: clients that go away


@needs_proc
@pytest.mark.parametrize("way", ["close", "reset", "half"])
@pytest.mark.parametrize("api", ["own", "rest"])
def test_one_who_goes_away_ends_the_transcoding(server, way, api):
    song = the_long_song(server)
    target = {
        "own": f"/api/v1/songs/{song}/stream?format=wav",
        "rest": REST.format("stream") + f"&id=so-{song}&format=mp3",
    }[api]
    with Connection(server.url, buffer=4096) as connection:
        connection.get(target)
        assert connection.socket.recv(12) == b"HTTP/1.1 200"
        assert until(lambda: len(children(server.process.pid)) == 1)
        if way == "reset":
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        if way == "half":
            connection.socket.shutdown(socket.SHUT_RDWR)
    assert until(lambda: not children(server.process.pid)), "ffmpeg still runs"


@needs_proc
def test_sixty_listeners_at_once(server):
    """Fifty songs are converted at a time, more are refused until one is done, and no slot is lost."""
    target = f"/api/v1/songs/{the_long_song(server)}/stream?format=wav"
    for _ in range(2):
        with contextlib.ExitStack() as stack:
            connections = [stack.enter_context(Connection(server.url, buffer=4096)) for _ in range(60)]
            for connection in connections:
                connection.get(target)
            found = [connection.socket.recv(12)[9:] for connection in connections]
            assert found.count(b"200") == 50 and found.count(b"503") == 10
        # Once one more is answered to its end, all who went away are forgotten.
        assert until(lambda: not children(server.process.pid), 30), "ffmpeg still runs"
        assert until(lambda: all(ask(server.url, target + "&start=299")[0] == 200 for _ in range(3)), 30), "no slot"


def test_without_ffmpeg(another):
    """It says so before it promises music, and what needs no converting plays."""
    server = another(path="/nonexistent")
    song = the_long_song(server)
    for what in ("stream?format=mp3", "cover"):
        status, _, body = ask(server.url, f"/api/v1/songs/{song}/{what}")
        assert status in (501, 503) and "ffmpeg" in json.loads(body)["detail"], body
    for what in ("stream", "getCoverArt"):
        _, _, body = ask(server.url, REST.format(what) + f"&id=so-{song}&format=mp3")
        assert "ffmpeg" in json.loads(body)["subsonic-response"]["error"]["message"], body
    assert ask(server.url, f"/api/v1/songs/{song}/stream", "Range: bytes=0-3")[2] == b"RIFF"
    server.stop()


# MARK: its end, and its beginning


@needs_proc
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_ends_it_though_streams_run(another, sign):
    server = another()
    song = the_long_song(server)
    with contextlib.ExitStack() as stack:
        targets = [f"/api/v1/songs/{song}/stream{query}" for query in ("", "?format=wav")] * 10
        targets.append("/api/v1/events/stream")
        for target in targets:
            connection = stack.enter_context(Connection(server.url, buffer=4096))
            connection.get(target)
            assert connection.socket.recv(12) == b"HTTP/1.1 200"
        idle = stack.enter_context(Connection(server.url))
        idle.send("GET /hea")
        assert until(lambda: len(children(server.process.pid)) == 10)
        transcodings = children(server.process.pid)
        start = time.monotonic()
        server.process.send_signal(sign)
        assert server.process.wait(timeout=15) == 0
        assert time.monotonic() - start < 8
        gone = lambda: not any(pathlib.Path(f"/proc/{one}").exists() for one in transcodings)
        assert until(gone), "ffmpeg still runs"


def test_what_is_being_answered_is_answered_before_the_end(another):
    server = another()
    song = the_long_song(server)
    with Connection(server.url) as connection:
        connection.get(f"/api/v1/songs/{song}/stream", "Range: bytes=0-999999")
        data = connection.socket.recv(12)
        server.process.send_signal(signal.SIGTERM)
        while more := connection.socket.recv(1 << 20):
            data += more
        assert len(data.split(b"\r\n\r\n", 1)[1]) == 1_000_000
        assert server.process.wait(timeout=15) == 0


def test_a_second_signal_ends_it_at_once(another):
    server = another()
    song = the_long_song(server)
    with Connection(server.url, buffer=4096) as connection:
        connection.get(f"/api/v1/songs/{song}/stream?format=wav")
        assert connection.socket.recv(12) == b"HTTP/1.1 200"
        server.process.send_signal(signal.SIGINT)
        server.process.send_signal(signal.SIGINT)
        server.process.wait(timeout=8)


def test_a_port_in_use(server, folder):
    port = urllib.parse.urlsplit(server.url).port
    done = subprocess.run(
        [AKIN, "serve", "--port", str(port), "--library", str(folder / "library.sqlite")], capture_output=True,
        text=True, timeout=20)
    assert done.returncode not in (0, -6, 139) and done.stdout == ""
    assert str(port) in done.stderr and "in use" in done.stderr and "--port" in done.stderr, done.stderr


def test_an_address_that_is_not_this_machines(folder):
    copy = folder / "users.sqlite"
    for path in folder.glob("library.sqlite*"):
        shutil.copy(path, folder / path.name.replace("library", "users"))
    akin("user", "add", "anna", "--library", copy, given="sesame\n")
    for host in ("192.0.2.1", "no-such-host.invalid"):
        done = subprocess.run(
            [AKIN, "serve", "--host", host, "--port", "0", "--library", str(copy)], capture_output=True, text=True,
            timeout=30)
        assert done.returncode not in (0, -6, 139) and done.stdout == ""
        assert host in done.stderr, done.stderr


def test_two_servers_on_one_library(server, another):
    """What is said to the one is known to the other."""
    other = another()
    song = search(server)[0]["id"]
    assert search(other) == search(server)
    ask(server.url, REST.format("star") + f"&id=so-{song}")

    def starred(of):
        answer = json.loads(ask(of.url, REST.format("getStarred2"))[2])["subsonic-response"]["starred2"]
        return [entry["id"] for entry in answer.get("song", [])]

    assert starred(server) == starred(other) == [f"so-{song}"]
    ask(other.url, REST.format("unstar") + f"&id=so-{song}")
    assert starred(server) == starred(other) == []
    other.stop()
