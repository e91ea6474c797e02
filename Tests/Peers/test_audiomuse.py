"""What the AudioMuse plugins of Navidrome, Jellyfin and Lyrion ask, asked of `akin serve` in the place of AudioMuse: the
same requests, and of the answers what the plugins read, as strictly as they do."""

import math
import re
import shutil
import urllib.parse
import uuid
from collections import Counter

import pytest
import requests

from conftest import Server, akin
from other_servers import NAME, PASSWORD, Jellyfin, Lyrion, Navidrome


class Plugin:
    """A plugin: its server, and its requests."""

    server = None
    quote = staticmethod(urllib.parse.quote)
    headers = {}

    def __init__(self, url, token):
        self.url, self.token = url.rstrip("/"), token

    def ask(self, path, query=(), method="GET", body=None):
        """The request with its parameters in the plugin's order and spelling, without what a client adds by itself."""
        text = "&".join(f"{name}={self.quote(str(value), safe='')}" for name, value in query)
        request = requests.Request(
            method, self.url + path + ("?" + text if text else ""), json=body,
            headers=self.headers | self.authorization())
        with requests.Session() as session:
            session.headers.clear()
            return session.send(session.prepare_request(request), timeout=30)

    def authorization(self):
        return {"Authorization": "Bearer " + self.token} if self.token else {}


def text(row, key):
    """A text as Go's JSON decoder takes it: it refuses the whole answer for a number."""
    value = row.get(key) or ""
    assert isinstance(value, str), f"{key} is {value!r}"
    return value


class NavidromePlugin(Plugin):
    server = Navidrome
    quote = staticmethod(urllib.parse.quote_plus)

    def rows(self, answer, *keys):
        assert answer.status_code == 200, answer.text
        rows = answer.json()
        for key in keys:
            rows = rows[key]
        assert isinstance(rows, list)
        return rows

    def tracks(self, rows):
        for row in rows:
            assert [text(row, key) for key in ("title", "author", "album")]
            assert isinstance(row.get("distance", 0.0), (int, float))
        return [text(row, "item_id") for row in rows]

    def similar(self, id, count, duplicates=False):
        rows = self.rows(self.ask("/api/similar_tracks", [
            ("eliminate_duplicates", str(duplicates).lower()), ("item_id", id), ("n", count),
            ("radius_similarity", "true")]))
        similarities = [min(1, max(0, 1 - row["distance"])) for row in rows]
        assert similarities == sorted(similarities, reverse=True) and similarities[0] > 0
        return self.tracks(rows)

    def path(self, start, end, count):
        return self.tracks(self.rows(self.ask("/api/find_path", [
            ("count", count), ("end_song_id", end), ("max_steps", count), ("mood_pct", 100),
            ("path_fix_size", "false"), ("start_song_id", start)]), "path"))

    def similar_artists(self, id, songs=False, count=10):
        return self.rows(self.ask("/api/similar_artists", [
            ("artist", id), ("include_component_matches", str(songs).lower()), ("n", count)]))


class JellyfinPlugin(Plugin):
    server = Jellyfin

    def similar(self, id, count, duplicates=None):
        query = [("n", count), ("item_id", uuid.UUID(id).hex)]
        more = [("eliminate_duplicates", "false")] if duplicates is False else []
        answer = self.ask("/api/similar_tracks", query + more)
        assert 200 <= answer.status_code < 300, answer.text
        # Others are dropped without a word.
        return [uuid.UUID(row["item_id"]).hex for row in answer.json()]

    def path(self, start, end, count):
        answer = self.ask("/api/find_path", [("start_song_id", start), ("end_song_id", end), ("max_steps", count)])
        assert answer.status_code == 200, answer.text
        return [row["item_id"] for row in answer.json()["path"]]


class LyrionPlugin(Plugin):
    server = Lyrion
    headers = {"Accept": "application/json"}

    def decoded(self, answer):
        assert 200 <= answer.status_code < 300, answer.text
        value = answer.json()
        assert not (isinstance(value, dict) and value.get("error")), value
        return value

    def ids(self, value):
        if isinstance(value, dict):
            lists = [value.get(key) for key in ("results", "path", "query_results")]
            value = next(rows for rows in lists if isinstance(rows, list))
        ids = [str(row.get("item_id", row.get("id"))) for row in value]
        assert all(re.fullmatch(r"\d+", id) for id in ids), ids
        return ids

    def similar(self, id, count, duplicates=True):
        return self.ids(self.decoded(self.ask("/api/similar_tracks", [
            ("item_id", id), ("n", count), ("eliminate_duplicates", str(duplicates).lower())])))

    def path(self, start, end, count):
        return self.ids(self.decoded(self.ask(
            "/api/find_path", [("start_song_id", start), ("end_song_id", end), ("max_steps", count)])))

    def mixed(self, ids, count):
        items = [{"id": id, "op": "ADD", "type": "song"} for id in ids]
        return self.ids(self.decoded(self.ask("/api/alchemy", method="POST", body={"items": items, "n": count})))


class LyrionMixer(LyrionPlugin):
    """The other one; it prefers ways of finding songs that are AudioMuse's own, and falls back."""

    def similar(self, id, count, duplicates=True):
        for path, body in (
                ("/api/hyperbolic/similar", {"item_id": id, "mode": "similar", "limit": count}),
                ("/api/sem_grove/search", {"item_id": id, "limit": count})):
            assert self.ask(path, method="POST", body=body).status_code == 404
        return self.ids(self.decoded(self.ask("/api/similar_tracks", [
            ("item_id", id), ("n", count), ("eliminate_duplicates", str(duplicates).lower()),
            ("radius_similarity", "true"), ("mood_similarity", "true")])))


class Place:
    """A server with a library that was matched with another server's, and a plugin of that."""

    def __init__(self, server, plugin, songs, names, artists):
        self.server, self.plugin, self.songs, self.names, self.artists = server, plugin, songs, names, artists
        self.artist = {names[song["path"]]: song["artist"] for song in songs}

    def id(self, title):
        return self.names[next(song["path"] for song in self.songs if song["title"].startswith(title))]


def own_songs(url):
    answer = requests.get(f"{url}/rest/search3", params={
        "u": NAME, "p": PASSWORD, "v": "1.16.1", "c": "test", "f": "json", "query": "", "songCount": 1000}, timeout=30)
    return answer.json()["subsonic-response"]["searchResult3"]["song"]


@pytest.fixture(scope="module", params=[NavidromePlugin, JellyfinPlugin, LyrionPlugin, LyrionMixer])
def place(request, library, tmp_path_factory):
    copy = tmp_path_factory.mktemp("audiomuse") / "library.sqlite"
    for path in library.parent.glob("library.sqlite*"):
        shutil.copy(path, copy.parent / path.name)
    akin("user", "add", NAME, "--library", copy, given=PASSWORD + "\n")
    key = akin("user", "key", NAME, "--library", copy).strip()
    server = Server(copy, "--quiet")
    try:
        songs = own_songs(server.url)
        other = request.param.server(songs)
        with other.served() as url:
            told = akin("sync", url.replace("//", f"//{NAME}@"), "--library", copy, given=PASSWORD + "\n")
        assert "12 of 12" in told
        artists = {song["artist"]: other.id("artist " + song["artist"]) for song in songs}
        yield Place(server, request.param(server.url, key), songs, other.names(), artists)
    finally:
        server.stop()


def test_similar_tracks(place):
    seed = place.id("Song 0-0")
    similar = place.plugin.similar(seed, 3)
    assert len(similar) == 3 and seed not in similar
    assert {place.artist[id] for id in similar} == {"Artist 0"}
    everything = place.plugin.similar(seed, 199, duplicates=False)
    assert set(everything) | {seed} == set(place.names.values()) and len(everything) == 11
    few = place.plugin.similar(seed, 199, duplicates=True)
    assert few == [id for id in everything if id in few]
    assert max(Counter(place.artist[id] for id in few).values()) < 4


def test_a_path(place):
    start, end = place.id("Song 0-0"), place.id("Song 2-3")
    for count in (2, 5, 12, 25):
        path = place.plugin.path(start, end, count)
        assert (path[0], path[-1]) == (start, end) and 2 <= len(path) <= count
        assert len(set(path)) == len(path) and set(path) <= set(place.names.values())


def test_similar_artists(place):
    """As the plugin of Navidrome asks, and by name, as front ends do through that of Jellyfin."""
    plugin = NavidromePlugin(place.server.url, place.plugin.token)
    for artist in (place.artists["Artist 0"], "Artist 0"):
        found = plugin.similar_artists(artist)
        assert {(text(row, "artist"), text(row, "artist_id")) for row in found} == {
            (name, place.artists[name]) for name in ("Artist 1", "Artist 2")}
        assert all("component_matches" not in row for row in found)
        divergences = [row["divergence"] for row in found]
        assert divergences == sorted(divergences) and all(math.isfinite(value) for value in divergences)
    assert len(plugin.similar_artists(place.artists["Artist 0"], count=1)) == 1
    by_id = requests.get(
        f"{place.server.url}/api/similar_artists", params={"n": 0, "artist_id": place.artists["Artist 0"]},
        headers=plugin.authorization(), timeout=30)
    assert len(by_id.json()) == 1
    for row in plugin.similar_artists(place.artists["Artist 0"], songs=True):
        assert row["component_matches"]
        for match in row["component_matches"]:
            for side, name in (("artist1", "Artist 0"), ("artist2", row["artist"])):
                songs = match[f"{side}_representative_songs"]
                assert songs and {place.artist[text(song, "item_id")] for song in songs} == {name}
                assert all(text(song, "title").startswith("Song") for song in songs)


def test_several_seeds(place):
    if not isinstance(place.plugin, LyrionPlugin):
        pytest.skip("this plugin does not ask for them")
    seeds = [place.id("Song 2-0"), place.id("Song 2-1")]
    assert {place.artist[id] for id in place.plugin.mixed(seeds, 2)} == {"Artist 2"}


def test_searching(place):
    """As the one for Lyrion and front ends of Jellyfin let songs be chosen."""
    for query in ([("artist", "Artist 1")], [("title", "Song 1"), ("artist", "Artist 1")]):
        rows = place.plugin.ask("/api/search_tracks", query).json()
        # Words may stand anywhere, as there.
        assert {text(row, "item_id") for row in rows} >= {place.id(f"Song 1-{number}") for number in range(4)}
        assert all(row["author"] == row["album_artist"] == place.artist[row["item_id"]] for row in rows)
        assert all(text(row, "title") and text(row, "album") for row in rows)
    assert place.plugin.ask("/api/search_tracks", [("artist", "nobody")]).json() == []


def test_probes(place):
    """Whether a plugin takes the server for one of its kind, and its token for good."""
    nobody = type(place.plugin)(place.server.url, None)
    stranger = type(place.plugin)(place.server.url, "akin-0")
    assert nobody.ask("/api/health").json() == {"status": "ok"}
    assert nobody.ask("/").ok
    # An address with a slash at its end, which some do not take away.
    assert place.plugin.ask("//api/active_tasks").ok
    assert place.plugin.ask("/api/active_tasks").json() == {}
    for plugin in (nobody, stranger):
        for path in ("/api/active_tasks", "/api/similar_tracks?item_id=1&n=5", "/api/similar_artists?artist=x&n=5"):
            answer = plugin.ask(path)
            assert answer.status_code == 401 and answer.json(), path
            assert not answer.history


def test_errors_are_told(place):
    id = place.id("Song 0-0")
    for path, status in (
            ("/api/similar_tracks?item_id=nothing&n=5", 404), ("/api/similar_tracks", 400),
            ("/api/similar_tracks?n=5", 400),
            (f"/api/find_path?start_song_id={id}&end_song_id={id}&max_steps=5", 400),
            (f"/api/find_path?start_song_id={id}&end_song_id=nothing&max_steps=5", 404),
            (f"/api/find_path?start_song_id={id}&max_steps=5", 400), ("/api/similar_artists?artist=nobody&n=5", 404),
            ("/api/similar_artists?n=5", 400), ("/api/sonic_fingerprint/generate?n=5", 404), ("/api/playlists", 404)):
        answer = place.plugin.ask(path)
        assert answer.status_code == status, (path, answer.text)
        assert answer.headers["Content-Type"].startswith("application/") and "json" in answer.headers["Content-Type"]
        assert answer.json()["error"] if status != 404 or "nothing" in path else answer.json()
    for odd in ("n=many", "n=-3", "n=0", "n=99999999999999999999", "radius_similarity=maybe", "server=x&unheard=of"):
        assert place.plugin.ask(f"/api/similar_tracks?item_id={id}&{odd}").status_code == 200, odd


def test_names_of_akin_are_understood(place):
    """A program that knows Akin may ask by Akin's names, whatever else was matched."""
    plugin = NavidromePlugin(place.server.url, place.plugin.token)
    ids = {song["id"] for song in place.songs}
    assert len(plugin.similar(place.songs[0]["id"], 5)) == 5
    assert set(plugin.similar(place.songs[0]["id"], 5)) <= ids


def test_without_another_server(server):
    """Names are Akin's, until others are known."""
    key = akin("user", "key", "anna", "--library", server.library).strip()
    plugin = NavidromePlugin(server.url, key)
    songs = own_songs(server.url)
    seed = songs[0]
    similar = plugin.similar(seed["id"], 3)
    assert {song["artist"] for song in songs if song["id"] in similar} == {seed["artist"]}
    assert plugin.path(songs[0]["id"], songs[-1]["id"], 6)[-1] == songs[-1]["id"]
    assert {row["artist_id"] for row in plugin.similar_artists(seed["artistId"])} == {
        song["artistId"] for song in songs} - {seed["artistId"]}
    number = requests.get(
        f"{server.url}/api/v1/search", params={"q": "Song 0-0"}, headers=plugin.authorization(), timeout=30
    ).json()["songs"][0]
    assert plugin.similar(str(number["id"]), 3) == plugin.similar(own_id(songs, number["title"]), 3)


def own_id(songs, title):
    return next(song["id"] for song in songs if song["title"] == title)
