"""A small library of synthesised songs, and `akin serve` on it."""

import os
import pathlib
import shutil
import subprocess

import pytest
from sockets import ask

ROOT = pathlib.Path(__file__).resolve().parents[2]
AKIN = os.environ.get("AKIN", str(ROOT / ".build/release/akin"))


def compose(folder):
    """Three artists of four songs on two albums each; the songs of an artist sound alike."""
    for artist in range(3):
        for song in range(4):
            place = folder / f"artist {artist}"
            place.mkdir(parents=True, exist_ok=True)
            picture = place / "cover.jpg"
            if not picture.exists():
                ffmpeg("-f", "lavfi", "-i", "color=c=red:s=64x64", "-frames:v", "1", picture)
            pitch = 110 * 2 ** (0.7 * artist) * (1 + 0.01 * song)
            sound = f"sine=frequency={pitch}:sample_rate=22050:duration=5,tremolo=f={2 + 3 * artist + 0.1 * song}"
            tags = {
                "title": f"Song {artist}-{song} & <\"more\">", "artist": f"Artist {artist}",
                "album_artist": f"Artist {artist}", "album": f"Album {song % 2}", "genre": f"Genre {artist % 2}",
                "date": str(1990 + artist), "track": str(song + 1),
            }
            words = [word for name, value in tags.items() for word in ("-metadata", f"{name}={value}")]
            ffmpeg("-f", "lavfi", "-i", sound, *words, place / f"song {song}.flac")
    (folder / "artist 0/song 0.lrc").write_text("[ti:Song]\n[00:01.50]first\n[00:03]second\n")


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments)], check=True)


class Server:
    """A running `akin serve`, which may open so many files (None: as many as this process may), and looks for programs
    in `path`."""

    def __init__(self, library, *options, open_files=None, path=None):
        self.library = library
        command = [AKIN, "serve", "--port", "0", "--library", str(library), *options]
        if open_files:
            command = ["sh", "-c", f'ulimit -n {open_files}; exec "$0" "$@"', *command]
        environment = os.environ | ({"PATH": path} if path else {})
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.url = self.process.stdout.readline().strip().rstrip("/")
        assert self.url.startswith("http"), "akin serve said " + self.url

    def stop(self):
        self.process.terminate()
        assert self.process.wait(timeout=20) == 0


def akin(*arguments, given=None):
    done = subprocess.run([AKIN, *map(str, arguments)], input=given, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    if not (os.path.exists(AKIN) and shutil.which("ffmpeg")):
        pytest.skip("there is no akin (make build, or name it in AKIN), or no ffmpeg")
    folder = tmp_path_factory.mktemp("akin")
    compose(folder / "music")
    akin("index", folder / "music", "--library", folder / "library.sqlite")
    return folder / "library.sqlite"


@pytest.fixture(scope="module")
def server(library, tmp_path_factory):
    """One on a copy of the library, with the user anna and her password."""
    copy = tmp_path_factory.mktemp("library") / "library.sqlite"
    for path in library.parent.glob("library.sqlite*"):
        shutil.copy(path, copy.parent / path.name)
    akin("user", "add", "anna", "--library", copy, given="sesame & öffne dich\n")
    server = Server(copy)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def folder(library, tmp_path_factory):
    """A library, `library.sqlite`, that has a song of five minutes, of 53 MB; its songs lie in `music`."""
    folder = tmp_path_factory.mktemp("sockets").resolve()
    shutil.copytree(library.parent / "music", folder / "music")
    sound = "sine=frequency=220:sample_rate=44100:duration=300"
    ffmpeg("-f", "lavfi", "-i", sound, "-ac", "2", "-metadata", "title=Long", folder / "music/long.wav")
    (folder / "secret.txt").write_text("nobody's business\n")
    akin("index", folder / "music", "--library", folder / "library.sqlite", "--quiet")
    return folder


@pytest.fixture(scope="module")
def open_server(folder):
    """One without users, on that library."""
    server = Server(folder / "library.sqlite")
    yield server
    server.stop()


@pytest.fixture
def lives(open_server):
    """Whatever a test did, the server answers afterwards."""
    yield
    assert open_server.process.poll() is None, "the server is gone"
    assert ask(open_server.url, "/health")[0] == 200
