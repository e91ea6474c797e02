"""`akin sync`: the songs of other servers are found again in the library, by path and without, and the questions of the
AudioMuse plugins are answered in the other server's names."""

import os
import pathlib
import re
import subprocess
import time

import pytest
import requests

from conftest import AKIN, ROOT, Server, akin, compose
from other_servers import (
    NAME, PASSWORD, Jellyfin, Lyrion, Navidrome, has_supysonic, served, subsonic_songs, supysonic, without_paths)

EMOTIFY = pathlib.Path(os.environ.get("AKIN_SHARED", ROOT.parent / "shared")) / "data/emotify"


@pytest.fixture(scope="module")
def music(library, tmp_path_factory):
    """Emotify if it is here, 250 songs; or else a small collection."""
    if EMOTIFY.is_dir():
        return EMOTIFY
    folder = tmp_path_factory.mktemp("sync") / "music"
    compose(folder)
    return folder


@pytest.fixture(scope="module")
def indexed(music, tmp_path_factory):
    library = tmp_path_factory.mktemp("indexed") / "library.sqlite"
    akin("index", music, "--library", library, "--quiet")
    return library


@pytest.fixture
def copy(indexed, tmp_path):
    akin("library", "export", tmp_path / "library.sqlite", "--library", indexed, "--quiet")
    return tmp_path / "library.sqlite"


@pytest.fixture(scope="module")
def other(music, tmp_path_factory):
    if not has_supysonic():
        pytest.skip("there is no supysonic (Scripts/bootstrap peers)")
    with supysonic(tmp_path_factory.mktemp("supysonic") / "state", music) as url:
        yield url


@pytest.fixture(scope="module")
def songs(other):
    return subsonic_songs(other)


def sync(url, library, *options, given=PASSWORD + "\n", status=0):
    """How many songs were found by what, and what was said of the rest."""
    done = subprocess.run(
        [AKIN, "sync", url.replace("//", f"//{NAME}@"), "--library", library, *options], input=given,
        capture_output=True, text=True, timeout=120)
    assert done.returncode == status, done.stdout + done.stderr
    if status not in (0, 2):
        return done.stderr
    found, count = re.search(r"(\d+) of (\d+)", done.stdout).groups()
    by = {means: int(number) for number, means in re.findall(r"(\d+) by (\w+)", done.stdout)}
    return int(found), int(count), by, done.stderr


def similar(server, id, count=5):
    answer = requests.get(
        f"{server.url}/api/similar_tracks",
        params={"item_id": id, "n": count, "eliminate_duplicates": "false", "radius_similarity": "true"}, timeout=30)
    assert answer.status_code == 200, answer.text
    return [row["item_id"] for row in answer.json()]


def asked_by_their_names(library, ids):
    """Fails unless every song of the other server is known, and every answer is one of its songs."""
    server = Server(library, "--quiet")
    try:
        for id in ids[:: max(1, len(ids) // 25)]:
            found = similar(server, id)
            assert len(found) == 5 and id not in found and set(found) <= set(ids)
        # Songs that are there twice come once.
        everything = set(similar(server, ids[0], 1000)) | {ids[0]}
        assert everything <= set(ids) and len(everything) >= 0.98 * len(ids)
    finally:
        server.stop()


def test_every_song_of_supysonic_by_path(other, songs, copy):
    found, count, by, _ = sync(other, copy)
    assert (found, count, by) == (len(songs), len(songs), {"path": len(songs)})
    asked_by_their_names(copy, [song["id"] for song in songs])


def test_nearly_every_song_of_supysonic_by_its_tags(other, songs, copy):
    with without_paths(other) as url:
        found, count, by, told = attempt(url, copy)
    assert count == len(songs) and by.get("path", 0) == 0
    assert found >= 0.99 * count, told


def attempt(url, copy):
    """As `sync`, whether or not all songs are found."""
    try:
        return sync(url, copy)
    except AssertionError:
        return sync(url, copy, status=2)


def test_supysonic_refuses(other, copy):
    assert "password" in sync(other, copy, given="wrong\n", status=1)


@pytest.mark.parametrize("kind,paths", [(Navidrome, False), (Jellyfin, True), (Jellyfin, False), (Lyrion, True)])
def test_others(kind, paths, songs, copy):
    server = kind(songs, with_paths=paths) if kind is Jellyfin else kind(songs)
    with server.served() as url:
        found, count, by, _ = attempt(url, copy)
        assert count == len(songs) and found >= (1 if paths else 0.99) * count
        assert by.get("path", 0) == (count if paths else 0)
        # Again, nothing is different.
        assert attempt(url, copy)[:3] == (found, count, by)
        if kind is not Lyrion:
            assert "password" in sync(url, copy, given="wrong\n", status=1)
    known = [server.id(song["path"]) for song in songs]
    if found == count:
        asked_by_their_names(copy, known)


def test_an_api_key_of_jellyfin(songs, copy):
    server = Jellyfin(songs)
    with server.served() as url:
        assert sync(url, copy, "--api-key", given=Jellyfin.API_KEY + "\n")[0] == len(songs)
    assert ("POST", "/Users/AuthenticateByName") not in [request[:2] for request in server.requests]


def test_lyrion_without_a_login(songs, copy):
    server = Lyrion(songs)
    with server.served() as url:
        assert sync(url, copy, "--no-login", given="")[:2] == (len(songs), len(songs))
    with Jellyfin(songs).served() as url:
        assert "refuses" in sync(url, copy, "--no-login", given="", status=1)


def test_another_akin(indexed, copy):
    """Akin is a Subsonic server, too; and one that asks for a login."""
    akin("user", "add", NAME, "--library", copy, given=PASSWORD + "\n")
    key = akin("user", "key", NAME, "--library", copy).strip()
    server = Server(copy, "--quiet")
    try:
        found, count, by, _ = sync(server.url, indexed)
        assert found == count == by["path"]
        assert sync(server.url, indexed, "--api-key", given=key + "\n")[:2] == (found, count)
        sync(server.url, indexed, "--api-key", given="akin-0\n", status=1)
    finally:
        server.stop()
        akin("sync", server.url, "--forget", "--library", indexed)


def test_songs_that_are_not_here_are_named(songs, copy):
    stranger = songs[0] | {"title": "Nobody's song", "artist": "Nobody", "path": "no/where.mp3"}
    with Navidrome(songs[1:] + [stranger]).served() as url:
        found, count, _, told = sync(url, copy, status=2)
    assert count == len(songs) and found < count and "Nobody's song" in told


def test_a_file_of_the_same_name_elsewhere_is_another_song(songs, copy):
    stranger = songs[0] | {"title": "Nobody's song", "artist": "Nobody", "path": f"Elsewhere/{songs[0]['path']}"}
    with Jellyfin([stranger] + songs[1:]).served() as url:
        found, count, by, told = sync(url, copy, status=2)
    assert (found, by) == (count - 1, {"path": count - 1}) and stranger["path"] in told


def test_what_is_no_server(copy, tmp_path):
    pages = {
        "text": (200, {"Content-Type": "text/html"}, b"<html>hello</html>"), "nothing": (404, {}, b""),
        "json": (200, {"Content-Type": "application/json"}, b"[1]"),
        "deep": (200, {"Content-Type": "application/json"}, b"[" * 100_000)}
    for page in pages.values():
        with served(lambda request: page) as url:
            said = sync(url, copy, status=1)
            assert "Subsonic" in said and url in said
    with served(lambda request: (200, {}, b"")) as url:
        gone = url
    started = time.monotonic()
    assert gone in sync(gone, copy, status=1)
    assert time.monotonic() - started < 30
    for wrong in ("ftp://a/b", "nonsense", "http://", "http://anna:secret@host/"):
        done = subprocess.run(
            [AKIN, "sync", wrong, "--user", "x", "--library", copy], input="x\n", capture_output=True, text=True)
        assert done.returncode == 1 and "secret" not in done.stderr


def test_what_is_known_is_listed_and_forgotten(songs, copy):
    with Navidrome(songs).served() as url:
        attempt(url, copy)
    assert url in akin("sync", "--library", copy)
    akin("sync", url, "--forget", "--library", copy)
    assert url not in akin("sync", "--library", copy)
