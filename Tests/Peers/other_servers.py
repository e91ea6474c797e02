"""The servers that `akin sync` logs in to: supysonic, as Debian has it; a proxy before it that invents paths, as
Navidrome does; and what a client needs of Navidrome, Lyrion and Jellyfin."""

import contextlib
import hashlib
import http.server
import json
import re
import secrets
import shutil
import socket
import string
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib

NAME, PASSWORD = "anna", "sesame & öffne dich"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"{process.args[0]} ended with {process.returncode}"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"{process.args[0]} does not listen on {port}")


# supysonic.


def has_supysonic():
    return bool(shutil.which("supysonic-cli") and shutil.which("supysonic-server"))


@contextlib.contextmanager
def supysonic(state, music):
    """The address of a supysonic that has scanned a folder; what it stores lies in another."""
    state.mkdir()
    (state / "supysonic.conf").write_text(
        f"[base]\ndatabase_uri = sqlite:///{state}/supysonic.db\n"
        f"[webapp]\ncache_dir = {state}/cache\nlog_level = ERROR\n"
        f"[daemon]\nsocket = {state}/supysonic.sock\nrun_watcher = no\n")
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(state), "LANG": "C.UTF-8"}

    def cli(*words):
        done = subprocess.run(
            ["supysonic-cli", *words], env=environment, cwd=state, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr

    cli("user", "add", NAME, "-p", PASSWORD)
    cli("folder", "add", "music", str(music))
    cli("folder", "scan", "music")
    port = free_port()
    process = subprocess.Popen(
        ["supysonic-server", "-S", "waitress", "-h", "127.0.0.1", "-p", str(port)], env=environment, cwd=state,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def subsonic_songs(url):
    """All songs of a Subsonic server, as it describes them."""
    query = urllib.parse.urlencode({
        "u": NAME, "p": PASSWORD, "v": "1.10.2", "c": "test", "f": "json", "query": "", "songCount": 10_000,
        "artistCount": 0, "albumCount": 0})
    with urllib.request.urlopen(f"{url}/rest/search3.view?{query}", timeout=60) as answer:
        return json.load(answer)["subsonic-response"]["searchResult3"]["song"]


# Servers of our own.


@contextlib.contextmanager
def served(handle):
    """The address of a server that answers each request by `handle(request)`."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            length = int(self.headers.get("Content-Length") or 0)
            self.body = self.rfile.read(length)
            status, headers, body = handle(self)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_POST = do_DELETE = do_PUT = do_HEAD = do_GET

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def passed_on(url, request, changed=lambda body, kind: body):
    """What another server answers a request."""
    ask = urllib.request.Request(
        url + request.path, data=request.body or None, method=request.command,
        headers={name: value for name, value in request.headers.items() if name.lower() not in ("host", "connection")})
    try:
        answer = urllib.request.urlopen(ask, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    dropped = {"connection", "content-length", "transfer-encoding", "date", "server"}
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in dropped}
    return answer.status, headers, changed(answer.read(), answer.headers.get("Content-Type", ""))


def plain(name):
    """A name as it stands in a path that Navidrome invents."""
    return name.replace("/", "_")


def invented_path(song):
    """`Artist/Album/01 - Title.mp3`: what Navidrome tells players by default, wherever the file lies."""
    artist = song.get("albumArtist") or song.get("artist", "[Unknown]")
    disc = f"{song['discNumber']:02}-" if song.get("discNumber") else ""
    track = f"{song['track']:02} - " if song.get("track") else ""
    name = f"{disc}{track}{plain(song['title'])}.{song.get('suffix', 'mp3')}"
    return f"{plain(artist)}/{plain(song.get('album', '[Unknown]'))}/{name}"


def without_paths(url):
    """A proxy before a Subsonic server that invents the paths of songs."""

    def invent(value):
        if isinstance(value, list):
            return [invent(each) for each in value]
        if not isinstance(value, dict):
            return value
        value = {key: invent(each) for key, each in value.items()}
        return value | {"path": invented_path(value)} if "path" in value and not value.get("isDir") else value

    def change(body, kind):
        assert "json" in kind or b"<subsonic-response" not in body, "the proxy knows JSON only"
        return json.dumps(invent(json.loads(body))).encode() if "json" in kind else body

    return served(lambda request: passed_on(url, request, change))


class FakeServer:
    """One that has the songs of a Subsonic server, by names of its own."""

    def __init__(self, songs):
        self.songs = songs
        self.requests = []

    def names(self):
        """Its names for the songs, by their paths in the Subsonic server's folder."""
        return {song["path"]: self.id(song["path"]) for song in self.songs}

    def served(self):
        return served(self.handle)


# Navidrome.


class Navidrome(FakeServer):
    """What a client of Navidrome asks to list the songs: tokens, invented paths, and names of 22 characters."""

    DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase

    @classmethod
    def id(cls, text):
        number, digits = int.from_bytes(hashlib.sha256(text.encode()).digest()), ""
        while len(digits) < 22:
            number, digit = divmod(number, 62)
            digits += cls.DIGITS[digit]
        return digits

    def child(self, song):
        artist = song.get("artist", "[Unknown Artist]")
        return song | {
            "id": self.id(song["path"]), "path": invented_path(song), "artist": artist,
            "artistId": self.id("artist " + artist), "artists": [{"id": self.id("artist " + artist), "name": artist}],
            "albumId": self.id(f"album {artist} {song.get('album')}"), "isDir": False}

    def handle(self, request):
        url = urllib.parse.urlparse(request.path)
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        self.requests.append((request.command, url.path, query))

        def answer(inside, status="ok"):
            inside = {
                "status": status, "version": "1.16.1", "type": "navidrome", "serverVersion": "0.58.0",
                "openSubsonic": True} | inside
            return 200, {"Content-Type": "application/json"}, json.dumps({"subsonic-response": inside}).encode()

        def fail(code, message):
            return answer({"error": {"code": code, "message": message}}, "failed")

        name = url.path.removeprefix("/rest/").removesuffix(".view")
        if not url.path.startswith("/rest/"):
            return 404, {"Content-Type": "text/plain"}, b"404 page not found"
        if any(word not in query for word in ("u", "v", "c")):
            return fail(10, "missing parameter")
        digest = hashlib.md5((PASSWORD + query.get("s", "")).encode()).hexdigest()
        hidden = "enc:" + PASSWORD.encode().hex()
        if query["u"] != NAME or (query.get("t") != digest and query.get("p") not in (PASSWORD, hidden)):
            return fail(40, "Wrong username or password")
        if name == "ping":
            return answer({})
        if name == "search3":
            start, count = int(query.get("songOffset", 0)), int(query.get("songCount", 20))
            found = self.songs[start:start + count] if query.get("query") in ("", '""') else []
            return answer({"searchResult3": {"song": [self.child(song) for song in found]} if found else {}})
        return 404, {"Content-Type": "text/plain"}, b"404 page not found"


# Lyrion.


class Lyrion(FakeServer):
    """What is asked of Lyrion in JSON-RPC to list the songs; its names are numbers."""

    ROOT = "/srv/Müsik"

    @staticmethod
    def id(text):
        return str(10_000 + zlib.crc32(text.encode()) % 1_000_000)

    TAGS = {
        "a": "artist", "d": "duration", "i": "disc", "l": "album", "s": "artist_id", "t": "tracknum", "u": "url",
        "A": "albumartist"}

    def title(self, song, tags):
        everything = {
            "artist": song.get("artist"), "duration": float(song["duration"]) + 0.25, "disc": song.get("discNumber"),
            "album": song.get("album"), "artist_id": self.id("artist " + song.get("artist", "")),
            "tracknum": str(song["track"]) if "track" in song else None,
            "url": "file://" + urllib.parse.quote(f"{self.ROOT}/{song['path']}")}
        wanted = {self.TAGS.get(tag) for tag in tags}
        found = {key: value for key, value in everything.items() if key in wanted and value is not None}
        return {"id": int(self.id(song["path"])), "title": song["title"]} | found

    def handle(self, request):
        self.requests.append((request.command, request.path, request.body.decode()))
        if (request.command, request.path) != ("POST", "/jsonrpc.js"):
            return 404, {"Content-Type": "text/html"}, b"<html>404</html>"
        call = json.loads(request.body)
        assert call["method"] == "slim.request" and len(call["params"]) == 2
        words = call["params"][1]
        result = {}
        if words[:2] == ["version", "?"]:
            result = {"_version": "9.0.2"}
        elif words[0] == "titles":
            start, count = int(words[1]), int(words[2])
            tags = next((word[5:] for word in words[3:] if word.startswith("tags:")), "")
            found = self.songs[start:start + count]
            loop = {"titles_loop": [self.title(song, tags) for song in found]} if found else {}
            result = {"count": len(self.songs)} | loop
        body = json.dumps({"id": call.get("id"), "method": "slim.request", "params": call["params"], "result": result})
        return 200, {"Content-Type": "application/json"}, body.encode()


# Jellyfin.


class Jellyfin(FakeServer):
    """What a client of Jellyfin asks to list the songs, answered from the tags of files."""

    API_KEY = "0123456789abcdef0123456789abcdef"

    def __init__(self, songs, root="/media/music", with_paths=True):
        super().__init__(songs)
        self.tokens, self.root, self.with_paths = {}, root, with_paths
        self.user = self.id("user " + NAME)
        self.items = [self.item(song) for song in songs]

    @staticmethod
    def id(text):
        return hashlib.md5(text.encode()).hexdigest()

    def item(self, song):
        """A song of a Subsonic server as Jellyfin has it: without what is not known, with paths of its own machine."""
        artist, album = song.get("artist"), song.get("album")
        item = {
            "Name": song["title"], "ServerId": self.id("server"), "Id": self.id(song["path"]),
            "Path": f"{self.root}/{song['path']}", "RunTimeTicks": int(song["duration"] * 10_000_000) + 4_321_000,
            "IndexNumber": song.get("track"), "ParentIndexNumber": song.get("discNumber"),
            "ProductionYear": song.get("year"), "IsFolder": False, "Type": "Audio", "MediaType": "Audio",
            "LocationType": "FileSystem", "Album": album,
            "AlbumArtist": song.get("albumArtist", artist), "Artists": [artist] if artist else [],
            "ArtistItems": [{"Name": artist, "Id": self.id("artist " + artist)}] if artist else [],
            "AlbumArtists": [{"Name": artist, "Id": self.id("artist " + artist)}] if artist else [],
            "AlbumId": self.id(f"album {artist} {album}") if album else None,
        }
        return {key: value for key, value in item.items() if value is not None}

    def handle(self, request):
        url = urllib.parse.urlparse(request.path)
        query = {key.lower(): value for key, value in urllib.parse.parse_qsl(url.query, keep_blank_values=True)}
        self.requests.append((request.command, url.path, query))

        def answer(value, status=200):
            return status, {"Content-Type": "application/json; charset=utf-8"}, json.dumps(value).encode()

        def refuse(status, text="Error processing request."):
            return status, {"Content-Type": "text/plain"}, text.encode()

        scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
        said = {}
        if scheme.lower() == "mediabrowser":
            said = {key: urllib.parse.unquote_plus(value) for key, value in re.findall(r'(\w+)="?([^",]*)"?', rest)}
        token = said.get("Token") or query.get("apikey")
        match (request.command, url.path.lower()):
            case ("GET", "/system/info/public"):
                return answer({
                    "LocalAddress": "http://127.0.0.1", "ServerName": "test", "Version": "10.11.3",
                    "ProductName": "Jellyfin Server", "OperatingSystem": "", "Id": self.id("server"),
                    "StartupWizardCompleted": True})
            case ("POST", "/users/authenticatebyname"):
                if not all(said.get(name) for name in ("Client", "Device", "DeviceId", "Version")):
                    return refuse(400)
                if "json" not in request.headers.get("Content-Type", ""):
                    return refuse(415, "")
                given = json.loads(request.body)
                if (given.get("Username", "").lower(), given.get("Pw")) != (NAME, PASSWORD):
                    return refuse(401)
                token = secrets.token_hex(16)
                self.tokens[token] = said["DeviceId"]
                return answer({
                    "User": {"Name": NAME, "ServerId": self.id("server"), "Id": self.user, "HasPassword": True},
                    "SessionInfo": {"UserId": self.user, "Client": said["Client"]}, "AccessToken": token,
                    "ServerId": self.id("server")})
        if token not in self.tokens and token != self.API_KEY:
            return 401, {}, b""
        is_key = token == self.API_KEY
        match (request.command, url.path.lower()):
            case ("POST", "/sessions/logout"):
                self.tokens.pop(token, None)
                return 204, {}, b""
            case ("GET", "/users/me"):
                return refuse(400) if is_key else answer({"Name": NAME, "Id": self.user})
            case ("GET", path) if path in ("/items", f"/users/{self.user}/items"):
                user = query.get("userid", "").replace("-", "") or (None if is_key else self.user)
                if user not in (None, self.user):
                    return refuse(404)
                if query.get("includeitemtypes") != "Audio" or query.get("recursive") != "true":
                    return answer({"Items": [], "TotalRecordCount": 0, "StartIndex": 0})
                start, limit = int(query.get("startindex", 0)), int(query.get("limit", len(self.items)))
                fields = query.get("fields", "").split(",")
                items = self.items[start:start + limit]
                if "Path" not in fields or not self.with_paths:
                    items = [{key: value for key, value in item.items() if key != "Path"} for item in items]
                return answer({"Items": items, "TotalRecordCount": len(self.items), "StartIndex": start})
        return refuse(404, "")
