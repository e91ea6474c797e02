"""OpenSubsonic as `akin serve` answers it: every answer against the API's own description, XML against JSON, and two
client libraries."""

import hashlib
import json
import os
import pathlib
import secrets
import urllib.parse
import xml.etree.ElementTree as xml

import libopensonic
import libsonic
import pytest
import requests
from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from conftest import ROOT, akin

SHARED = pathlib.Path(os.environ.get("AKIN_SHARED", ROOT.parent / "shared"))
API = SHARED / "data/opensubsonic/openapi"
PASSWORD = "sesame & öffne dich"

pytestmark = pytest.mark.skipif(not API.is_dir(), reason=f"the API's description is not in {API} (AKIN_SHARED)")


# The description: OpenAPI 3.0's schemas are those of draft 4, but for words that say nothing here.


def retrieve(uri):
    contents = json.loads(pathlib.Path(urllib.parse.unquote(urllib.parse.urlparse(uri).path)).read_text())
    return Resource.from_contents(contents, default_specification=DRAFT4)


REGISTRY = Registry(retrieve=retrieve)


def validate(name, answer):
    """Fails unless an answer is what the endpoint's description says."""
    endpoint = API / f"endpoints/{name}.json"
    success = json.loads(endpoint.read_text())["get"]["responses"]["200"]
    if "$ref" in success:
        endpoint = (endpoint.parent / success["$ref"]).resolve()
        success = json.loads(endpoint.read_text())
    schema = success["content"]["application/json"]["schema"]
    base = {"$ref": (endpoint.parent / schema["$ref"]).resolve().as_uri()} if "$ref" in schema else schema
    errors = list(Draft4Validator(base, registry=REGISTRY).iter_errors(answer))
    assert not errors, f"{name}: {errors[0].message} at {list(errors[0].absolute_path)} {errors[0].context}"


# Asking.


def login(password=PASSWORD):
    salt = secrets.token_hex(6)
    return {"u": "anna", "s": salt, "t": hashlib.md5((password + salt).encode()).hexdigest(), "v": "1.16.1", "c": "test"}


def ask(server, name, auth=None, /, **parameters):
    answer = requests.get(f"{server.url}/rest/{name}", params=(auth or login()) | {"f": "json"} | parameters)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/json"
    return answer.json()


def ok(server, name, /, **parameters):
    """The answer, once it is valid, and once XML says the same."""
    answer = ask(server, name, **parameters)
    validate(name, answer)
    inside = answer["subsonic-response"]
    assert inside["status"] == "ok", inside
    return inside


def error(server, name, auth=None, /, **parameters):
    answer = ask(server, name, auth, **parameters)
    inside = answer["subsonic-response"]
    assert inside["status"] == "failed", inside
    if (API / f"endpoints/{name}.json").exists() and name not in BINARY:
        validate(name, answer)
    return inside["error"]["code"]


BINARY = {"stream", "download", "getCoverArt", "getAvatar", "hls.m3u8", "getTranscodeDecision"}


@pytest.fixture(scope="module")
def songs(server):
    return ok(server, "search3", query="", songCount=500)["searchResult3"]["song"]


# What every call answers.


def calls(songs):
    """Calls that only read, each once or more often."""
    song = songs[0]
    return [
        ("ping", {}), ("getLicense", {}), ("getMusicFolders", {}), ("getArtists", {}), ("getIndexes", {}),
        ("getIndexes", {"ifModifiedSince": 1}), ("getArtist", {"id": song["artistId"]}),
        ("getAlbum", {"id": song["albumId"]}), ("getSong", {"id": song["id"]}), ("getGenres", {}),
        ("getMusicDirectory", {"id": "1"}), ("getMusicDirectory", {"id": song["artistId"]}),
        ("getMusicDirectory", {"id": song["albumId"]}), ("getAlbumInfo", {"id": song["albumId"]}),
        ("getAlbumInfo2", {"id": song["albumId"]}), ("getArtistInfo", {"id": song["artistId"]}),
        ("getArtistInfo2", {"id": song["artistId"], "count": 2}), ("getStarred", {}), ("getStarred2", {}),
        ("getPlaylists", {}), ("getPlayQueue", {}), ("getPlayQueueByIndex", {}), ("getBookmarks", {}),
        ("getSongsByGenre", {"genre": "Genre 0"}), ("getTopSongs", {"artist": "Artist 1"}),
        ("getTopSongs", {"artist": "Nobody"}), ("getNowPlaying", {}), ("getScanStatus", {}),
        ("getUser", {"username": "anna"}), ("getUsers", {}), ("getLyricsBySongId", {"id": song["id"]}),
        ("getLyricsBySongId", {"id": songs[1]["id"]}), ("getLyrics", {"title": song["title"]}), ("getLyrics", {}),
        ("search2", {"query": "song"}), ("search3", {"query": "artist 1"}), ("search3", {"query": ""}),
        ("getSimilarSongs", {"id": song["id"], "count": 3}), ("getSimilarSongs2", {"id": song["artistId"]}),
        ("getSonicSimilarTracks", {"id": song["id"]}), ("getSonicSimilarTracks", {"id": song["id"], "count": 0}),
        ("findSonicPath", {"startSongId": song["id"], "endSongId": songs[-1]["id"]}),
        ("getOpenSubsonicExtensions", {}), ("getPodcasts", {}), ("getNewestPodcasts", {}),
        ("getInternetRadioStations", {}), ("getShares", {}), ("getChatMessages", {}), ("getVideos", {}),
    ] + [
        (name, {"type": kind, "fromYear": 1991, "toYear": 1990, "genre": "Genre 1"})
        for name in ("getAlbumList", "getAlbumList2")
        for kind in (
            "newest", "highest", "frequent", "recent", "alphabeticalByName", "alphabeticalByArtist", "starred",
            "byYear", "byGenre")
    ]


def mark(server, songs):
    """Something of all that is kept, so that answers are not empty."""
    ok(server, "star", id=songs[0]["id"], albumId=songs[0]["albumId"], artistId=songs[0]["artistId"])
    ok(server, "setRating", id=songs[0]["id"], rating=4)
    ok(server, "setRating", id=songs[0]["albumId"], rating=5)
    ok(server, "scrobble", id=songs[0]["id"], time=1_700_000_000_000)
    ok(server, "scrobble", id=songs[1]["id"], submission="false")
    ok(server, "createBookmark", id=songs[0]["id"], position=1234, comment="hm")
    ok(server, "savePlayQueue", id=[song["id"] for song in songs[:3]], current=songs[1]["id"], position=99)
    ok(server, "createPlaylist", name="A & B", songId=[songs[0]["id"], songs[0]["id"], songs[2]["id"]])


def test_every_answer_is_valid_and_xml_says_the_same(server, songs):
    for _ in range(2):
        for name, parameters in calls(songs):
            answer = ok(server, name, **parameters)
            text = requests.get(f"{server.url}/rest/{name}.view", params=login() | parameters).text
            element = xml.fromstring(text.replace(' xmlns="http://subsonic.org/restapi"', ""))
            same(answer, element, name)
        for name in ("getRandomSongs",):
            ok(server, name, size=3)
        ok(server, "getAlbumList2", type="random")
        mark(server, songs)


# What is the text of an element, and what stands in an element of its own.
CONTENT, ELEMENTS = {"value"}, {"biography", "musicBrainzId"}


def same(answer, element, where):
    """Fails unless an element of XML says what an object says, and nothing else."""
    attributes, children = {}, {}
    for name, value in answer.items():
        if isinstance(value, list):
            if value:
                children[name] = value
        elif isinstance(value, dict):
            children[name] = [value]
        elif name in CONTENT:
            assert (element.text or "") == value, where
        elif name in ELEMENTS and "Info" in where.split("/")[-1]:
            children[name] = [value]
        else:
            attributes[name] = value
            if name == "similarity":
                children[name] = [value]
    assert set(element.attrib) == set(attributes), where
    for name, value in attributes.items():
        assert element.attrib[name] == plain(value), f"{where}/{name}"
    assert {child.tag for child in element} == set(children), where
    for name, values in children.items():
        found = element.findall(name)
        assert len(found) == len(values), f"{where}/{name}"
        for value, child in zip(values, found):
            if isinstance(value, dict):
                same(value, child, f"{where}/{name}")
            else:
                assert child.text == plain(value), f"{where}/{name}"


def plain(value):
    return str(value).lower() if isinstance(value, bool) else value if isinstance(value, str) else json.dumps(value)


def test_a_form_says_what_a_query_says(server, songs):
    form = requests.post(
        f"{server.url}/rest/getSong", data=login() | {"f": "json", "id": songs[0]["id"]}).json()
    assert form["subsonic-response"] == ok(server, "getSong", id=songs[0]["id"])


# Logging in.


def test_logins(server):
    base = {"v": "1.16.1", "c": "test"}
    key = akin("user", "key", "anna", "--library", server.library).strip()
    digits = PASSWORD.encode().hex()
    for auth in (base | {"u": "anna", "p": PASSWORD}, base | {"u": "anna", "p": "enc:" + digits}, base | {"apiKey": key}):
        assert ask(server, "ping", auth)["subsonic-response"]["status"] == "ok"
    told = ask(server, "tokenInfo", base | {"apiKey": key})
    validate("tokenInfo", told)
    assert told["subsonic-response"]["tokenInfo"] == {"username": "anna"}
    assert error(server, "ping", base | {"u": "anna", "p": "wrong"}) == 40
    assert error(server, "ping", base | {"u": "nobody", "p": PASSWORD}) == 40
    assert error(server, "ping", login("wrong")) == 40
    assert error(server, "ping", base) == 10
    assert error(server, "tokenInfo", login()) == 42
    assert error(server, "ping", base | {"u": "anna", "apiKey": key}) == 43
    assert error(server, "ping", login() | {"p": PASSWORD}) == 43
    assert error(server, "ping", base | {"apiKey": "akin-0"}) == 44
    assert error(server, "ping", login() | {"v": "2.0.0"}) == 30
    extensions = requests.get(f"{server.url}/rest/getOpenSubsonicExtensions", params={"f": "json"}).json()
    validate("getOpenSubsonicExtensions", extensions)
    assert {"name": "sonicSimilarity", "versions": [1]} in extensions["subsonic-response"]["openSubsonicExtensions"]
    number = akin("user", "keys", "--library", server.library).split("\n")[1].split()[0]
    akin("user", "revoke", number, "--library", server.library)
    assert error(server, "ping", base | {"apiKey": key}) == 44
    stored = pathlib.Path(server.library).read_bytes()
    assert key.encode() not in stored and PASSWORD.encode() not in stored
    assert os.stat(str(server.library) + ".key").st_mode & 0o777 == 0o600


def test_the_page_asks_for_a_login(server):
    assert requests.get(f"{server.url}/api/v1/status").status_code == 401
    session = requests.Session()
    wrong = session.post(f"{server.url}/api/v1/session", json={"name": "anna", "password": "wrong"})
    assert wrong.status_code == 401
    done = session.post(f"{server.url}/api/v1/session", json={"name": "anna", "password": PASSWORD})
    assert done.status_code == 204
    cookie = done.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert session.get(f"{server.url}/api/v1/status").status_code == 200
    session.delete(f"{server.url}/api/v1/session")
    assert session.get(f"{server.url}/api/v1/status").status_code == 401
    key = akin("user", "key", "anna", "--library", server.library).strip()
    assert requests.get(f"{server.url}/api/v1/status", headers={"Authorization": f"Bearer {key}"}).status_code == 200


# What calls mean.


def test_errors_are_valid(server, songs):
    assert error(server, "getSong") == 10
    for name in ("getSong", "getAlbum", "getArtist", "getMusicDirectory", "getPlaylist", "stream", "getCoverArt"):
        for odd in ("so-999", "al-x", "ar-x", "pl-999", "-1", "", "so-", "so-99999999999999999999", "é"):
            assert error(server, name, id=odd) == 70, (name, odd)
    assert error(server, "getAlbumList2", type="best") == 0
    assert error(server, "setRating", id=songs[0]["id"], rating=6) == 0
    assert error(server, "search3", query="x", songCount="many") == 0
    assert error(server, "getArtists", musicFolderId=7) == 70
    assert error(server, "getUser", username="bertha") == 50
    assert error(server, "getAvatar", username="anna") == 70
    for name in ("jukeboxControl", "createUser", "hls.m3u8", "nothing", "getTranscodeDecision"):
        assert error(server, name) == 0
    assert error(server, "ping", login() | {"f": "json", "v": "x"}) == 0
    assert "failed" in requests.get(f"{server.url}/rest/ping", params=login() | {"f": "jsonp"}).text
    # A query that cannot be read does not say in which form the answer should be.
    assert 'code="0"' in requests.get(f"{server.url}/rest/ping?f=json&u=%ff").text


def test_a_library_is_copied_page_by_page(server, songs):
    assert len(songs) == 12
    pages = [
        ok(server, "search3", query=query, songCount=5, songOffset=5 * page)["searchResult3"]["song"]
        for page in range(3) for query in ('""',)]
    assert [song["id"] for page in pages for song in page] == [song["id"] for song in songs]
    artists = ok(server, "search3", query="", artistCount=2, artistOffset=2, songCount=0)["searchResult3"]
    assert [artist["name"] for artist in artists["artist"]] == ["Artist 2"] and artists["song"] == []
    assert songs[0]["title"].endswith('& <"more">') and songs[0]["path"] == "artist 0/song 0.flac"


def test_similar_songs_are_those_of_akin(server, songs):
    song = songs[0]
    matches = ok(server, "getSonicSimilarTracks", id=song["id"], count=3)["sonicMatch"]
    assert {match["entry"]["artist"] for match in matches} == {song["artist"]}
    assert [match["similarity"] for match in matches] == sorted((m["similarity"] for m in matches), reverse=True)
    similar = ok(server, "getSimilarSongs2", id=song["id"], count=3)["similarSongs2"]["song"]
    assert [s["id"] for s in similar] == [match["entry"]["id"] for match in matches]
    assert len(ok(server, "getSonicSimilarTracks", id=song["id"])["sonicMatch"]) == 10
    for match in ok(server, "getSonicSimilarTracks", id=song["id"], count=100)["sonicMatch"]:
        assert 0 <= match["similarity"] <= 1
    for count in (2, 3, 7, 40):
        path = ok(server, "findSonicPath", startSongId=song["id"], endSongId=songs[-1]["id"], count=count)["sonicMatch"]
        assert path[0]["entry"]["id"] == song["id"] and path[-1]["entry"]["id"] == songs[-1]["id"]
        assert 2 <= len(path) <= count and path[0]["similarity"] == 1
        assert len({match["entry"]["id"] for match in path}) == len(path)
    alone = ok(server, "findSonicPath", startSongId=song["id"], endSongId=song["id"], count=1)["sonicMatch"]
    assert [match["entry"]["id"] for match in alone] == [song["id"]]
    assert error(server, "findSonicPath", startSongId=song["id"], endSongId=songs[1]["id"], count=1) == 0


def test_marks_are_kept(server, songs):
    song = songs[5]
    before = len(ok(server, "getStarred2")["starred2"]["song"])
    ok(server, "star", id=song["id"])
    ok(server, "star", id=song["id"])
    assert len(ok(server, "getStarred2")["starred2"]["song"]) == before + 1
    assert "starred" in ok(server, "getSong", id=song["id"])["song"]
    assert '"liked"' in akin("history", "--json", "--library", server.library)
    ok(server, "unstar", id=song["id"])
    assert len(ok(server, "getStarred2")["starred2"]["song"]) == before
    ok(server, "setRating", id=song["id"], rating=3)
    assert ok(server, "getSong", id=song["id"])["song"]["userRating"] == 3
    ok(server, "setRating", id=song["id"], rating=0)
    assert "userRating" not in ok(server, "getSong", id=song["id"])["song"]
    ok(server, "scrobble", id=[song["id"], song["id"]], time=[1_600_000_000_000, 1_600_000_001_000])
    played = ok(server, "getSong", id=song["id"])["song"]
    assert played["playCount"] == 2 and played["played"] == "2020-09-13T12:26:41Z"
    assert ok(server, "getTopSongs", artist=song["artist"])["topSongs"]["song"][0]["id"] == song["id"]


def test_playlists_and_queues(server, songs):
    ids = [song["id"] for song in songs[:4]]
    made = ok(server, "createPlaylist", name="Mine", songId=ids)["playlist"]
    assert [entry["id"] for entry in made["entry"]] == ids and made["owner"] == "anna"
    ok(server, "updatePlaylist", playlistId=made["id"], name="Ours", comment="c", public="true",
       songIndexToRemove=[0, 2], songIdToAdd=[ids[0], ids[0]])
    changed = ok(server, "getPlaylist", id=made["id"])["playlist"]
    assert [entry["id"] for entry in changed["entry"]] == [ids[1], ids[3], ids[0], ids[0]]
    assert (changed["name"], changed["comment"], changed["public"]) == ("Ours", "c", True)
    assert error(server, "updatePlaylist", playlistId=made["id"], songIndexToRemove=4) == 0
    ok(server, "createPlaylist", playlistId=made["id"], songId=ids[:1])
    assert ok(server, "getPlaylist", id=made["id"])["playlist"]["songCount"] == 1
    ok(server, "deletePlaylist", id=made["id"])
    assert error(server, "getPlaylist", id=made["id"]) == 70
    ok(server, "savePlayQueueByIndex", id=[ids[0], ids[0], ids[1]], currentIndex=1, position=5000)
    queue = ok(server, "getPlayQueueByIndex")["playQueueByIndex"]
    assert (queue["currentIndex"], queue["position"], len(queue["entry"])) == (1, 5000, 3)
    assert ok(server, "getPlayQueue")["playQueue"]["current"] == ids[0]
    ok(server, "savePlayQueue")
    assert "entry" not in ok(server, "getPlayQueue")["playQueue"]


def test_sound_and_pictures(server, songs):
    def get(name, **parameters):
        return requests.get(f"{server.url}/rest/{name}", params=login() | {"id": songs[0]["id"]} | parameters,
                            headers=parameters.pop("headers", {}))
    whole = get("stream")
    assert whole.headers["Content-Type"] == "audio/flac" and whole.content[:4] == b"fLaC"
    assert len(whole.content) == songs[0]["size"] and get("download").content == whole.content
    assert get("stream", format="raw", maxBitRate=32).content == whole.content
    part = requests.get(f"{server.url}/rest/stream", params=login() | {"id": songs[0]["id"]}, headers={"Range": "bytes=2-5"})
    assert part.status_code == 206 and part.content == whole.content[2:6]
    small = get("stream", format="mp3", maxBitRate=64)
    assert small.headers["Content-Type"] == "audio/mpeg" and 30_000 < len(small.content) < 55_000
    later = get("stream", format="mp3", maxBitRate=64, timeOffset=3)
    assert len(later.content) < 0.6 * len(small.content)
    assert get("stream", format="opus").content[:4] == b"OggS"
    for id in (songs[0]["id"], songs[0]["albumId"], songs[0]["artistId"]):
        picture = get("getCoverArt", id=id, size=32)
        assert picture.headers["Content-Type"] == "image/jpeg" and picture.content[:2] == b"\xff\xd8"


def test_lyrics_are_those_beside_the_file(server, songs):
    lyrics = ok(server, "getLyricsBySongId", id=songs[0]["id"])["lyricsList"]["structuredLyrics"]
    assert lyrics[0]["synced"] and lyrics[0]["line"] == [
        {"start": 1500, "value": "first"}, {"start": 3000, "value": "second"}]


# Client libraries.


def test_py_opensonic(server, songs):
    host, port = server.url.removeprefix("http://").split(":")
    client = libopensonic.Connection("http://" + host, "anna", PASSWORD, port=int(port))
    assert client.ping()
    assert len(client.search3("", song_count=100).song) == 12
    assert [artist.name for index in client.get_artists().index for artist in index.artist] == [
        "Artist 0", "Artist 1", "Artist 2"]
    album = client.get_album(songs[0]["albumId"])
    assert album.name == songs[0]["album"] and len(album.song) == 2
    assert client.get_song(songs[0]["id"]).title == songs[0]["title"]
    assert len(client.get_similar_songs2(songs[0]["artistId"], count=4)) == 4
    matches = client.get_sonic_similar_tracks(songs[0]["id"], count=3)
    assert {match.entry.artist for match in matches} == {songs[0]["artist"]}
    path = client.find_sonic_path(songs[0]["id"], songs[-1]["id"], count=6)
    assert (path[0].entry.id, path[-1].entry.id) == (songs[0]["id"], songs[-1]["id"])
    client.star(sids=[songs[3]["id"]])
    assert songs[3]["id"] in [song.id for song in client.get_starred2().song]
    client.scrobble(songs[3]["id"])
    client.create_playlist(name="by py-opensonic", song_ids=[songs[0]["id"]])
    made = next(made for made in client.get_playlists() if made.name == "by py-opensonic")
    assert client.get_playlist(made.id).entry[0].id == songs[0]["id"]
    client.delete_playlist(made.id)
    assert client.get_user("anna").username == "anna"
    assert client.get_scan_status().count == 12
    client.cleanup()


@pytest.mark.parametrize("isLegacy", [False, True])
def test_py_sonic(server, songs, isLegacy):
    host, port = server.url.removeprefix("http://").split(":")
    client = libsonic.Connection("http://" + host, "anna", PASSWORD, port=int(port), legacyAuth=isLegacy)
    assert client.ping()
    assert len(client.search3("song", songCount=100)["searchResult3"]["song"]) == 12
    assert client.getAlbumList2("alphabeticalByName", size=2)["albumList2"]["album"][0]["name"] == "Album 0"
    assert client.getSimilarSongs2(songs[0]["artistId"], count=2)["similarSongs2"]["song"]
    assert client.getMusicDirectory(songs[0]["albumId"])["directory"]["child"]
    assert client.stream(songs[0]["id"]).read(4) == b"fLaC"
    assert client.getCoverArt(songs[0]["id"], size=32).read(2) == b"\xff\xd8"
    assert client.getUser("anna")["user"]["username"] == "anna"
    with pytest.raises(libsonic.errors.DataNotFoundError):
        client.getAlbum("al-nothing")
