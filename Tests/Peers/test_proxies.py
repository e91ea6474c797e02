"""`akin serve` behind Caddy and nginx, as docs/server.md says: with its own lines, at the root and below a path."""

import contextlib
import hashlib
import re
import secrets
import shutil
import subprocess
import threading

import pytest
import requests

from conftest import ROOT, Server, akin
from other_servers import NAME, PASSWORD, free_port, wait_for

DOCUMENT = (ROOT / "docs/server.md").read_text()
PLACES = ["", "/akin"]


def lines(name):
    """The lines of the document for a proxy."""
    return re.search(rf"{name}:\n\n```\n(.*?)```", DOCUMENT, re.DOTALL)[1]


def caddy(server, path, port, folder):
    """The site, as the document has it, or with the other line that it names."""
    site = lines("Caddy").replace("music.example.org", f"http://127.0.0.1:{port}")
    if path:
        line = re.search(r"in Caddy\s+`(reverse_proxy /akin/\* 127\.0\.0\.1:4545)`", DOCUMENT)[1]
        site = re.sub(r"reverse_proxy .*", line, site)
    options = "{\n  admin off\n  auto_https off\n  default_bind 127.0.0.1\n}\n"
    (folder / "Caddyfile").write_text(options + site.replace("127.0.0.1:4545", server.url.split("/")[2]))
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


def nginx(server, path, port, folder):
    location = lines("nginx").replace("127.0.0.1:4545", server.url.split("/")[2])
    if path:
        assert "`location /akin/`" in DOCUMENT
        location = location.replace("location /", "location /akin/")
    own = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; worker_processes 1;\nevents {{ worker_connections 64; }}\n"
        f"http {{ access_log off; {own}\nserver {{ listen 127.0.0.1:{port};\n{location} }} }}\n")
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]


PROXIES = {"caddy": caddy, "nginx": nginx}


class Proxied:
    def __init__(self, url, server):
        self.url, self.server = url, server
        # As browsers do, and without what they do not do.
        self.browser = requests.Session()
        self.origin = {"Origin": "/".join(url.split("/")[:3]), "Sec-Fetch-Site": "same-origin"}

    def login(self):
        self.browser.cookies.clear()
        return self.browser.post(
            f"{self.url}/api/v1/session", json={"name": NAME, "password": PASSWORD}, headers=self.origin, timeout=10)

    def rest(self, name, **parameters):
        salt = secrets.token_hex(6)
        login = {
            "u": NAME, "s": salt, "t": hashlib.md5((PASSWORD + salt).encode()).hexdigest(), "v": "1.16.1", "c": "test",
            "f": "json"}
        return requests.get(f"{self.url}/rest/{name}", params=login | parameters, timeout=10).json()["subsonic-response"]


@contextlib.contextmanager
def serving(library, folder, path=""):
    """A server of a copy of a library, with a user."""
    for file in library.parent.glob("library.sqlite*"):
        shutil.copy(file, folder / file.name)
    copy = folder / "library.sqlite"
    akin("user", "add", NAME, "--library", copy, given=PASSWORD + "\n")
    server = Server(copy, *(["--base-path", path] if path else []))
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module", params=PLACES, ids=["root", "path"])
def behind(request, library, tmp_path_factory):
    with serving(library, tmp_path_factory.mktemp("proxied"), request.param) as server:
        yield server, request.param


@contextlib.contextmanager
def proxy(name, server, path, folder):
    """The address of a proxy before a server."""
    found = "/usr/sbin:/usr/bin:/usr/local/bin"
    if not shutil.which(name, path=found):
        pytest.skip(f"there is no {name} (Scripts/bootstrap proxies)")
    port = free_port()
    process = subprocess.Popen(
        PROXIES[name](server, path, port, folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={"PATH": found, "HOME": str(folder), "XDG_DATA_HOME": str(folder)})
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}{path}"
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="module", params=list(PROXIES))
def proxied(request, behind, tmp_path_factory):
    server, path = behind
    with proxy(request.param, server, path, tmp_path_factory.mktemp("proxy")) as url:
        yield Proxied(url, server)


def test_the_page(proxied):
    first = requests.get(proxied.url + "/", timeout=10)
    assert first.status_code == 200 and first.url == proxied.url + "/login.html"
    assert first.headers["Content-Type"].startswith("text/html")
    for name in set(re.findall(r'(?:src|href)="([^"]+)"', first.text)):
        assert requests.get(f"{proxied.url}/{name}", timeout=10).status_code == 200, name
    assert requests.get(proxied.url + "/api/v1/status", timeout=10).status_code == 401


def test_logging_in(proxied):
    done = proxied.login()
    assert done.status_code == 204, done.text
    assert proxied.browser.get(proxied.url + "/", timeout=10).url == proxied.url + "/"
    assert proxied.browser.get(proxied.url + "/api/v1/session", timeout=10).json() == {"required": True, "name": NAME}
    elsewhere = {"Origin": "http://127.0.0.1:1", "Sec-Fetch-Site": "same-site"}
    assert proxied.browser.post(proxied.url + "/api/v1/indexing", headers=elsewhere, timeout=10).status_code == 403
    assert proxied.browser.delete(proxied.url + "/api/v1/session", headers=proxied.origin, timeout=10).status_code == 204
    assert proxied.browser.get(proxied.url + "/api/v1/status", timeout=10).status_code == 401


def test_sound(proxied):
    proxied.login()
    song = proxied.browser.get(proxied.url + "/api/v1/search", params={"q": "Song 0-0"}, timeout=10).json()["songs"][0]
    stream = f"{proxied.url}/api/v1/songs/{song['id']}/stream"
    whole = proxied.browser.get(stream, timeout=10)
    assert whole.status_code == 200 and whole.content[:4] == b"fLaC" and whole.headers["Accept-Ranges"] == "bytes"
    part = proxied.browser.get(stream, headers={"Range": "bytes=5-104"}, timeout=10)
    assert part.status_code == 206 and part.content == whole.content[5:105]
    assert part.headers["Content-Range"] == f"bytes 5-104/{len(whole.content)}"
    assert len(proxied.browser.get(stream, params={"format": "mp3"}, timeout=30).content) > 30_000


def test_indexing_is_watched(proxied):
    """Events come when they happen, not when a buffer is full."""
    proxied.login()
    stream = proxied.browser.get(proxied.url + "/api/v1/events/stream", stream=True, timeout=10)
    with contextlib.closing(stream) as events:
        assert events.headers["Content-Type"].startswith("text/event-stream")
        started = threading.Timer(0.5, lambda: proxied.browser.post(
            proxied.url + "/api/v1/indexing", headers=proxied.origin, timeout=10))
        started.start()
        for line in events.iter_lines():
            if b'"done"' in line:
                break
        else:
            pytest.fail("the stream ended before the indexing did")
        started.join()


def test_opensubsonic(proxied):
    assert proxied.rest("ping")["status"] == "ok"
    songs = proxied.rest("search3", query="", songCount=5)["searchResult3"]["song"]
    assert len(proxied.rest("getSimilarSongs2", id=songs[0]["id"], count=3)["similarSongs2"]["song"]) == 3
    assert proxied.rest("ping", u="nobody")["error"]["code"] == 40


@pytest.mark.parametrize("name", list(PROXIES))
def test_nobody_takes_another_address(name, library, tmp_path):
    """Failures are counted by the address that the proxy saw, whatever a client says of itself."""
    with serving(library, tmp_path) as server, proxy(name, server, "", tmp_path) as url:
        def attempt(number):
            return requests.get(f"{url}/api/v1/status", timeout=30, headers={
                "X-Forwarded-For": f"192.0.2.{number}", "Authorization": f"Bearer akin-{number}"}).status_code
        assert [attempt(number) for number in range(3)] == [401] * 3
        assert 429 in {attempt(number) for number in range(3, 12)}
