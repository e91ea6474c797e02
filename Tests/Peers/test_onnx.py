"""Networks of other programs: MusiCNN as its authors run it, and front ends as librosa makes them.

They need more Python than the other tests: AKIN_ONNX_PYTHON names one that has what Scripts/musicnn/requirements.txt
lists; and music, a folder, in MUSIC."""

import os
import pathlib
import subprocess

import pytest

from conftest import AKIN, ROOT

PYTHON = os.environ.get("AKIN_ONNX_PYTHON", str(ROOT / ".venv-musicnn/bin/python"))
MUSIC = os.environ.get("MUSIC", "")
needs_python = pytest.mark.skipif(
    not os.path.exists(PYTHON), reason="there is no Python with Scripts/musicnn/requirements.txt (AKIN_ONNX_PYTHON)")


def run(*words):
    done = subprocess.run([PYTHON, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@needs_python
@pytest.mark.skipif(not MUSIC, reason="no folder of music is named in MUSIC")
def test_vectors_are_those_of_musicnn():
    songs = sorted(pathlib.Path(MUSIC).rglob("*.mp3"))
    assert songs, "there is no MP3 file in " + MUSIC
    said = run(ROOT / "Scripts/musicnn/compare.py", AKIN, *songs[:: max(1, len(songs) // 4)][:4])
    assert "penultimate_linear" in said and "ratio" in said


@needs_python
@pytest.mark.parametrize("preset", ["musicnn", "vggish", "discogs-effnet", "maest", "clap"])
def test_front_ends_are_those_of_librosa(preset, tmp_path):
    """By their documentation: what a network hears through a preset is what librosa and NumPy make of the same sound."""
    run(ROOT / "Tests/Peers/front_ends.py", AKIN, preset, tmp_path)


@needs_python
def test_exported_networks_answer_alike(tmp_path):
    run(ROOT / "Tests/Peers/exported_network.py", AKIN, tmp_path)
