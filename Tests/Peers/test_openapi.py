"""The API as its own description has it: schemathesis makes requests up from it, good ones and bad ones, and compares
what comes back. The same ones each time."""

import json
import shutil

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from conftest import ROOT, Server

DESCRIPTION = json.loads((ROOT / "Sources/CServerPage/page/openapi.json").read_text())
# It would never end: events are sent as long as somebody listens.
ENDLESS = {("get", "/events/stream")}
OPERATIONS = [
    (method, path) for path, item in DESCRIPTION["paths"].items() for method in item
    if method != "parameters" and (method, path) not in ENDLESS]
EXAMPLES = 25


@pytest.fixture(scope="module")
def description(library, tmp_path_factory):
    """As a server without users has it, on a copy of the library that may be spoilt."""
    copy = tmp_path_factory.mktemp("openapi") / "library.sqlite"
    for path in library.parent.glob("library.sqlite*"):
        shutil.copy(path, copy.parent / path.name)
    server = Server(copy, "--quiet")
    try:
        base = f"{server.url}/api/v1"
        schema = schemathesis.openapi.from_url(f"{base}/openapi.json")
        if schema.raw_schema != DESCRIPTION:
            pytest.fail("the program describes another API than the one of this source; build it anew")
        schema.config.update(base_url=base)
        # Texts with a NUL are refused, though JSON Schema has no short word for that.
        schema.config.generation.update(allow_x00=False)
        ids = existing(base)

        # Identifiers that are made up are hardly ever those of a song: every other one that could be one is replaced.

        @schema.hook
        def map_path_parameters(context, path_parameters):
            known = ids.get(context.operation.path.split("/")[1], [])
            return path_parameters and {name: instead(value, known) for name, value in path_parameters.items()}

        @schema.hook
        def map_body(context, body):
            def inside(value, name=""):
                if isinstance(value, dict):
                    return {key: inside(each, key) for key, each in value.items()}
                if isinstance(value, list):
                    return [inside(each, name) for each in value]
                return instead(value, ids.get(name if name.endswith("s") else name + "s", []))
            return inside(body)

        yield schema, ids, server
    finally:
        server.stop()


def existing(base):
    def get(path):
        return requests.get(f"{base}/{path}", timeout=10).json()
    songs = [song["id"] for song in get("search?q=song")["songs"]]
    queues = [
        requests.post(f"{base}/queues", json={"like": [{"song": songs[0]}]}, timeout=10).json()["id"] for song in songs[:2]]
    return {
        "songs": songs, "queues": queues, "albums": [album["id"] for album in get("albums")["items"]],
        "artists": [artist["id"] for artist in get("artists")["items"]]}


def instead(value, known):
    number = value if isinstance(value, int) else len(value) if isinstance(value, str) else 1
    return known[number // 2 % len(known)] if known and type(value) is type(known[0]) and number % 2 == 0 else value


def sensible(body, name, songs):
    """The body by those rules of which the description only speaks: a clause and a seed have one key, a range has its
    lower end first, no range is blocked, and so on."""
    if name == "Event" and body["kind"] != "rating":
        return {key: value for key, value in body.items() if key != "value"}
    if name == "Event":
        return {"value": 3} | body
    if name in ("Clause", "Block"):
        key, value = next(iter(body.items()), ("genre", "Genre 0"))
        if name == "Block" and isinstance(value, list):
            return {"genre": "Genre 0"}
        ends = sorted(max(-1e9, min(1e9, end)) for end in value) if isinstance(value, list) else value
        return {key: ends}
    if name == "odd-one-out":
        three = body["songs"] if len(set(body["songs"])) == 3 else songs[:3]
        return {"songs": three, "odd": three[0]}
    if name == "PlaylistRequest":
        weights = {key: 1 + abs(value) % 999 for key, value in body.get("weights", {}).items()}
        changed = {"like": [{"song": songs[0]}], "unlike": [], "path": [], "weights": weights or {"timbre": 1}} | {
            key: [sensible(clause, "Clause", songs) for clause in body.get(key, [])] for key in ("only", "not")}
        return {key: value for key, value in body.items() if key != "minutes" or "count" not in body} | changed
    return body


def bounded(value):
    """Numbers as they fit into 64 bits, and not so small that a Float has no room for them."""
    if isinstance(value, dict):
        return {key: bounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [bounded(each) for each in value]
    if isinstance(value, float) and not value.is_integer():
        return 0 if abs(value) < 1e-30 else value
    isNumber = isinstance(value, (int, float)) and not isinstance(value, bool)
    return max(-(2**63), min(2**63 - 1, int(value))) if isNumber else value


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
@pytest.mark.parametrize("method,path", OPERATIONS, ids=[f"{method} {path}" for method, path in OPERATIONS])
def test_the_api_is_as_described(description, method, path, mode):
    schema, ids, server = description
    assert server.process.poll() is None, "the server died of an earlier request"
    operation = schema[path][method.upper()]
    body = DESCRIPTION["paths"][path][method].get("requestBody", {}).get("content", {}).get("application/json", {})
    # The body's kind: its schema, or else what it is for.
    name = "Block" if path == "/blocks" else body.get("schema", {}).get("$ref", path).split("/")[-1]
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate])
    def ask(case):
        if mode is GenerationMode.POSITIVE and isinstance(case.body, dict):
            case.body = sensible(bounded(case.body), name, ids["songs"])
        case.call_and_validate(timeout=30)

    try:
        ask()
    except Unsatisfiable:
        pytest.skip("there is nothing to do wrong")
    assert server.process.poll() is None, "the server died"
