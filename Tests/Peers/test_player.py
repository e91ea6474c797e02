"""A player that people have: Strawberry, as Debian has it, on a screen that nobody sees. It logs in, fetches the
collection, shows it, and plays.

AKIN_SHOTS is a folder for a picture of it.
"""

import base64
import contextlib
import os
import pathlib
import shutil
import subprocess
import time
import urllib.parse

import pytest
import requests

from other_servers import NAME, PASSWORD, passed_on, served

NEEDED = ["strawberry", "Xvfb", "xdotool", "dbus-daemon", "dbus-send"]
pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, NEEDED)), reason=f"{', '.join(NEEDED)} are not all here (Scripts/bootstrap peers)")

# No words of songs and no pictures from the internet. The eighth place is that of Subsonic; without a device for sound, a
# sink takes it in its time.
CONFIGURATION = """[Subsonic]
enabled=true
url={url}
username={name}
password={password}
authmethod=1
downloadalbumcovers=true
serversidescrobbling=true

[Scrobbler]
enabled=true

[Lyrics]
providers=

[Covers]
providers=

[MainWindow]
current_tab=8

[Backend]
engine=gstreamer
output=autoaudiosink

[Behaviour]
doubleclick_addmode=1
doubleclick_playmode=2
"""


def until(found, what, seconds=60, between=lambda: None):
    """Waits until something is so; in between, something is done every other second."""
    end, tried = time.monotonic() + seconds, time.monotonic()
    while time.monotonic() < end:
        if value := found():
            return value
        if time.monotonic() - tried > 2:
            between()
            tried = time.monotonic()
        time.sleep(0.1)
    raise TimeoutError(f"in {seconds} s, {what} did not happen")


@contextlib.contextmanager
def running(*command, **options):
    process = subprocess.Popen(command, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def screen(environment):
    """A screen that nobody sees, and a bus of its own for messages."""
    (reading, writing), silence = os.pipe(), {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with running("Xvfb", "-displayfd", str(writing), "-screen", "0", "1200x800x24", "-nolisten", "tcp",
                 pass_fds=[writing], **silence):
        os.close(writing)
        with os.fdopen(reading) as told:
            display = ":" + told.readline().strip()
        with running("dbus-daemon", "--session", "--nofork", "--print-address=1", env=environment, text=True,
                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as bus:
            yield environment | {"DISPLAY": display, "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip()}


class Player:
    def __init__(self, environment):
        self.environment = environment
        self.window = until(lambda: self.do("search", "--onlyvisible", "--name", "Strawberry"), "a window").split()[0]
        self.do("windowsize", "--sync", self.window, "1200", "800")

    def do(self, *words):
        return subprocess.run(
            ["xdotool", *words], env=self.environment, capture_output=True, text=True, timeout=20).stdout.strip()

    def click(self, x, y, times=1):
        self.do("mousemove", str(x), str(y), "click", "--repeat", str(times), "--delay", "80", "1")

    def property(self, name):
        return subprocess.run(
            ["dbus-send", "--session", "--print-reply=literal", "--dest=org.mpris.MediaPlayer2.strawberry",
             "/org/mpris/MediaPlayer2", "org.freedesktop.DBus.Properties.Get", "string:org.mpris.MediaPlayer2.Player",
             "string:" + name], env=self.environment, capture_output=True, text=True, timeout=20).stdout

    def position(self):
        """In microseconds."""
        words = self.property("Position").split()
        return int(words[-1]) if words and words[-1].lstrip("-").isdigit() else 0

    def picture(self, path):
        if shutil.which("import"):
            subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True, timeout=30)


def test_strawberry(server, tmp_path):
    asked = []

    def handle(request):
        answer = passed_on(server.url, request)
        url = urllib.parse.urlparse(request.path)
        asked.append((url.path, dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True)), answer))
        return answer

    def calls(name):
        return [(query, answer) for path, query, answer in list(asked) if path == f"/rest/{name}.view"]

    settings = tmp_path / ".config/strawberry/strawberry.conf"
    settings.parent.mkdir(parents=True)
    tmp_path.chmod(0o700)
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "LANG": "C.UTF-8",
        "QT_QPA_PLATFORM": "xcb", "XDG_DATA_HOME": str(tmp_path / "data")}
    with served(handle) as url, screen(environment) as environment:
        settings.write_text(CONFIGURATION.format(
            url=url, name=NAME, password=base64.b64encode(PASSWORD.encode()).decode()))
        with running("strawberry", env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            player = Player(environment)
            # "The internet collection is empty. Click here to retrieve music"
            until(lambda: calls("getAlbumList2"), "fetching", between=lambda: player.click(160, 250))
            until(lambda: len(calls("getAlbum")) == 6 and calls("getCoverArt"), "albums and pictures")
            # The first artist, whose songs are appended and played. What is fetched is shown a little later.
            until(lambda: calls("stream"), "playing", between=lambda: player.click(140, 111, times=2))
            until(lambda: "Playing" in player.property("PlaybackStatus"), "what it says of it")
            until(lambda: player.position() > 1_000_000, "a second of music")
            assert "Artist 0" in player.property("Metadata")
            until(lambda: calls("scrobble"), "telling the server what is played")
            playing = requests.get(f"{server.url}/rest/getNowPlaying", timeout=10, params={
                "u": NAME, "p": PASSWORD, "v": "1.16.1", "c": "test", "f": "json"}).json()["subsonic-response"]
            assert [(entry["username"], entry["artist"]) for entry in playing["nowPlaying"]["entry"]] == [
                (NAME, "Artist 0")]
            if shots := os.environ.get("AKIN_SHOTS"):
                player.picture(pathlib.Path(shots) / "strawberry.png")
            until(lambda: len({query["id"] for query, _ in calls("stream")}) >= 2, "the next song")
    assert all(answer[0] in (200, 206) for _, _, answer in asked), [(path, answer[0]) for path, _, answer in asked]
    assert all(b'"failed"' not in answer[2][:200] for _, _, answer in asked)
    query, (_, headers, body) = calls("stream")[0]
    assert headers["Content-Type"] == "audio/flac" and body[:4] == b"fLaC"
    assert query["u"] == NAME and "t" in query and "p" not in query
    assert all(answer[1]["Content-Type"] == "image/jpeg" for _, answer in calls("getCoverArt"))
