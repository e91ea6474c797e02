"""Songs of half a minute that ffmpeg plays, or those of the folder MUSIC."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
AKIN = os.environ.get("AKIN", str(ROOT / ".build/release/akin"))
sys.path[:0] = [str(ROOT / "Tests/Peers"), str(ROOT / "Benchmarks")]

SONGS = 60


@pytest.fixture(scope="session")
def akin():
    if not (os.path.exists(AKIN) and shutil.which("ffmpeg")):
        pytest.skip("there is no akin (make build, or name it in AKIN), or no ffmpeg")
    return AKIN


@pytest.fixture(scope="session")
def music(tmp_path_factory):
    if "MUSIC" in os.environ:
        return pathlib.Path(os.environ["MUSIC"]).resolve()
    folder = tmp_path_factory.mktemp("music")
    for song in range(SONGS):
        artist = song // 5
        sound = f"sine=frequency={110 + 31 * song}:sample_rate=44100:duration=30,tremolo=f={1 + artist / 2}:d=0.8"
        tags = {
            "title": f"song {song}", "artist": f"artist {artist}", "album": f"album {artist}",
            "genre": f"genre {artist % 3}",
        }  # fmt: skip
        words = [word for name, value in tags.items() for word in ("-metadata", f"{name}={value}")]
        subprocess.run(
            ["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", sound, "-b:a", "128k", *words,
             folder / f"{song}.mp3"], check=True)
    return folder


@pytest.fixture(scope="session")
def library(akin, music, tmp_path_factory):
    library = tmp_path_factory.mktemp("library") / "library.sqlite"
    subprocess.run([akin, "index", music, "--library", library, "--quiet"], check=True)
    return library
