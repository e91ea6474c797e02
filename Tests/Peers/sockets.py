"""HTTP by hand, for requests that no library would send."""

import http.client
import json
import os
import pathlib
import socket
import urllib.parse


REST = "/rest/{}?u=a&p=b&v=1.16.1&c=test&f=json"


class Connection:
    """A connection to a server, on which bytes are sent as they are."""

    def __init__(self, url, buffer=None, timeout=20):
        address = urllib.parse.urlsplit(url)
        self.host = address.netloc
        self.socket = socket.socket()
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(timeout)
        self.socket.connect((address.hostname, address.port))
        self.file = self.socket.makefile("rb")  # one for all answers: it reads ahead

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.file.close()
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode())

    def get(self, target, *headers):
        self.send(request(target, self.host, *headers))

    def answer(self):
        """The next answer: its status, headers and body; None if the connection is closed instead."""
        try:
            line = self.file.readline()
            if not line.endswith(b"\r\n"):
                return None
            headers = http.client.parse_headers(self.file)
            return int(line.split()[1]), dict(headers), self.body(headers)
        except (http.client.HTTPException, ConnectionError, ValueError):
            return None

    def body(self, headers):
        if headers.get("Transfer-Encoding") != "chunked":
            return self.file.read(int(headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.file.readline(), 16):
            body += self.file.read(size)
            assert self.file.readline() == b"\r\n"
        assert self.file.readline() == b"\r\n"
        return body

    def is_closed(self):
        """Whether the server has closed it, or does so while one waits for what it sends."""
        try:
            while self.socket.recv(1 << 16):
                pass
        except TimeoutError:
            return False
        except ConnectionError:
            pass
        return True


def request(target, host, *headers, method="GET"):
    return "\r\n".join([f"{method} {target} HTTP/1.1", f"Host: {host}", *headers, "", ""])


def ask(url, target, *headers):
    """One request and its answer."""
    with Connection(url) as connection:
        connection.get(target, *headers)
        return connection.answer()


def send(url, data):
    """Bytes, and what is answered; None if the connection is closed without an answer."""
    with Connection(url) as connection:
        try:
            connection.send(data)
        except ConnectionError:
            pass  # what it answered before it closed may still be read
        return connection.answer()


# What the library of `open_server` has.


def search(server, text="Song"):
    return json.loads(ask(server.url, f"/api/v1/search?q={urllib.parse.quote(text)}&count=50")[2])["songs"]


def songs(server):
    return json.loads(ask(server.url, "/api/v1/status")[2])["library"]["tracks"]


def the_long_song(server):
    (song,) = search(server, "Long")
    return song["id"]


# What the kernel says of a process (Linux).


def children(process):
    """The numbers of the processes that a process started and that run."""
    tasks = pathlib.Path(f"/proc/{process}/task").glob("*/children")
    found = [child for task in tasks for child in task.read_text().split()]
    return [int(child) for child in found if state(child) not in ("Z", None)]


def state(process):
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return None


def memory(process):
    """What it holds in memory that is not a file's, in bytes."""
    facts = pathlib.Path(f"/proc/{process}/status").read_text().splitlines()
    return 1024 * int(next(line.split()[1] for line in facts if line.startswith("RssAnon")))


def open_files(process):
    return len(os.listdir(f"/proc/{process}/fd"))
