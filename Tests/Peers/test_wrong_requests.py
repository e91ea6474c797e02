"""`akin serve` over real sockets: requests that are too large, wrong, no requests at all, or look for a way out of the
folders that were indexed."""

import contextlib
import json
import socket

import pytest
from sockets import REST, Connection, ask, request, send, the_long_song

pytestmark = pytest.mark.usefixtures("lives")


@pytest.fixture(scope="module")
def server(open_server):
    return open_server


# MARK: requests that are too large


@pytest.mark.parametrize("size", [10_000, 100_000, 1_000_000])
@pytest.mark.parametrize("place", ["path", "query", "rest", "header", "cookie", "name", "authorization", "host"])
def test_huge_headers_and_addresses(server, place, size):
    text = "a" * size
    target, headers = {
        "path": (f"/{text}", []), "query": (f"/api/v1/search?q={text}", []),
        "rest": (REST.format("ping") + f"&x={text}", []),
        "header": ("/health", [f"X-Large: {text}"]), "cookie": ("/health", [f"Cookie: akin-session={text}"]),
        "name": ("/health", [f"{text}: x"]), "authorization": ("/health", [f"Authorization: Bearer {text}"]),
        "host": ("/health", []),
    }[place]  # fmt: skip
    host = text if place == "host" else "localhost"
    answer = send(server.url, request(target, host, *headers, "Connection: close"))
    assert answer is None or answer[0] < 500, answer
    if size >= 1_000_000:
        assert answer is None or 400 <= answer[0], answer[0]


def test_ten_thousand_headers(server):
    answer = send(server.url, request("/health", "localhost", *(f"X-{n}: {n}" for n in range(10_000))))
    assert answer is None or answer[0] in (200, 400, 431)


@pytest.mark.parametrize("is_chunked", [False, True])
@pytest.mark.parametrize("target", ["/api/v1/playlist", "/api/v1/events", "/api/v1/session", REST.format("ping")])
def test_bodies_that_are_too_large(server, target, is_chunked):
    size, kind = 8 << 20, "application/x-www-form-urlencoded" if target.startswith("/rest") else "application/json"
    with Connection(server.url) as connection:
        length = "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {size}"
        connection.send(request(target, connection.host, f"Content-Type: {kind}", length, method="POST"))
        with contextlib.suppress(ConnectionError):
            for _ in range(size >> 16):
                connection.send(b"10000\r\n" + b"a" * 65536 + b"\r\n" if is_chunked else b"a" * 65536)
            if is_chunked:
                connection.send(b"0\r\n\r\n")
        answer = connection.answer()
    # One who sends on without looking may find the connection closed.
    if answer is not None and target.startswith("/rest"):
        assert answer[0] == 200 and json.loads(answer[2])["subsonic-response"]["status"] == "failed"
    elif answer is not None:
        assert answer[0] == 413, answer


def test_a_body_that_is_said_to_be_too_large_is_refused_before_it_comes(server):
    with Connection(server.url, timeout=5) as connection:
        connection.send(
            request("/api/v1/playlist", connection.host, "Content-Type: application/json",
                    f"Content-Length: {1 << 40}", method="POST"))
        assert connection.answer()[0] == 413


# MARK: requests that are wrong


@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Length: -1"], ["Content-Length: abc"], ["Content-Length: 1.5"], ["Content-Length: 0x10"],
        ["Content-Length: 99999999999999999999999"], ["Content-Length: 5", "Content-Length: 6"],
        ["Content-Length: 5, 6"], ["Content-Length: +5"], ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: gzip"], ["Transfer-Encoding: chunked, gzip"], ["Transfer-Encoding: xchunked"],
        ["Content-Length : 5"], ["Content-Length"], [": 5"], ["X y: 5"], ["X: a\0b"], ["X: a\rb"], [" folded: 1"],
    ],
)  # fmt: skip
def test_wrong_heads(server, headers):
    with Connection(server.url, timeout=5) as connection:
        connection.send(
            request("/api/v1/playlist", connection.host, "Content-Type: application/json", *headers, method="POST")
            + "{}{}{}")
        answer = connection.answer()
    assert answer is None or 400 <= answer[0] < 500 or answer[0] == 501, answer


@pytest.mark.parametrize(
    "body",
    [
        b"zz\r\nab\r\n0\r\n\r\n", b"-5\r\nab\r\n", b"ffffffffffffffffffff\r\nab\r\n", b"\r\n\r\n\r\n",
        b"2\r\nabcd\r\n0\r\n\r\n",
        b"2;" + b"a" * 200_000 + b"\r\nab\r\n0\r\n\r\n", b"2\nab\n0\n\n", b"0x2\r\nab\r\n0\r\n\r\n", b"2\r\nab",
        bytes(range(256)) * 64,
    ],
)  # fmt: skip
def test_chunks_of_garbage(server, body):
    head = request("/api/v1/playlist", "localhost", "Content-Type: application/json", "Transfer-Encoding: chunked",
                   method="POST")
    with Connection(server.url, timeout=5) as connection:
        with contextlib.suppress(ConnectionError):
            connection.send(head.encode() + body)
            connection.socket.shutdown(socket.SHUT_WR)
        answer = connection.answer()
    assert answer is None or 400 <= answer[0] < 500, answer


@pytest.mark.parametrize(
    "text",
    [
        b"\0" * 1000, b"\r\n" * 1000, bytes(range(256)) * 40,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x55" * 500,
        b"GET\r\n\r\n", b"GET /health\r\n\r\n", b"G\xc3\x9cT /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET http://localhost/health HTTP/1.1\r\nHost: example.org\r\n\r\n",
        b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /%ff%fe%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /health HTTP/1.1\r\n\r\n", b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_no_request(server, text):
    with Connection(server.url, timeout=5) as connection:
        with contextlib.suppress(ConnectionError):
            connection.send(text)
            connection.socket.shutdown(socket.SHUT_WR)
        answer = connection.answer()
    assert answer is None or 400 <= answer[0] < 500 or answer[0] in (501, 505), answer


@pytest.mark.parametrize("length", [10, 100_000])
def test_a_body_that_never_comes_whole(server, length):
    with Connection(server.url) as connection:
        connection.send(
            request("/api/v1/playlist", connection.host, "Content-Type: application/json", f"Content-Length: {length}",
                    method="POST") + "{")


# MARK: ways out of the folders


STEPS = [
    "../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%252f", "%252e%252e%252f", "..\\", "..%5c", "%2e%2e%5c", "..;/",
    "..%00/",
    "%00../", "....//", "..%c0%af", "%c0%ae%c0%ae/", "..%ef%bc%8f", "./../", "%u002e%u002e/", "//", "%2f", "..%2f..%5c",
]  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_no_path_leads_out(server, folder, step):
    """Neither to a file of the system nor to one beside the music, from wherever it starts."""
    outside = [
        step * 12 + "etc/passwd", step * 12 + "etc%2fpasswd", step * 3 + "secret.txt",
        step + str(folder / "secret.txt"),
    ]  # fmt: skip
    song = the_long_song(server)
    targets = []
    for path in outside:
        targets += [f"{start}{path}" for start in (
            "/", "/scripts/", "/index.html/", "/api/v1/", f"/api/v1/songs/{song}/", f"/api/v1/songs/{song}/stream/",
            "/api/v1/songs/", "/api/v1/albums/", "/rest/", "/health/")]
        targets += [f"/api/v1/songs/{path}/{kind}" for kind in ("stream", "cover", "similar")]
        targets += [REST.format(name) + f"&id={prefix}{path}" for name in (
            "stream", "download", "getCoverArt", "getLyricsBySongId", "getMusicDirectory", "getSong", "getAvatar")
            for prefix in ("", "so-", f"so-{song}/", "al-", "file:")]  # fmt: skip
        targets += [REST.format("stream") + f"&id=so-{song}&format={path}"]
    with Connection(server.url) as connection:
        for target in targets:
            connection.get(target)
            answer = connection.answer()
            assert answer is not None, target
            status, headers, body = answer
            assert b"root:" not in body and b"nobody's" not in body, target
            assert status < 500, (target, status, body)
            if status == 200:
                is_song = f"so-{song}" in target and body[:4] != b"<!do"
                assert target.startswith("/rest/"), (target, body[:300])
                assert is_song or b"failed" in body or "getAvatar" in target, (target, body[:300])
