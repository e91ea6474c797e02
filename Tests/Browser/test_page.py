"""The page of `akin serve` in a real browser.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install -r Tests/Browser/requirements.txt
    AKIN=.build/release/akin /tmp/venv/bin/python -m pytest Tests/Browser

AKIN_MUSIC is the folder that is indexed (otherwise the music that `akin demo` composes, if AKIN_DEMO_MUSIC or ./akin-demo/music
has it, or the emotify data set). AKIN_CHROMIUM is the browser (otherwise Debian's chromium, or the one of playwright).
AKIN_URL is a server that runs already, in the place of all that. AKIN_SHOTS is a folder for screenshots.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from random import Random

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
EVIL = "<img src=x onerror=document.title='owned'>"
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def music():
    named = os.environ.get("AKIN_MUSIC")
    for folder in [named] if named else [ROOT / "akin-demo" / "music", ROOT.parent / "shared" / "data" / "emotify"]:
        if pathlib.Path(folder).is_dir():
            return pathlib.Path(folder)
    pytest.skip("no music: set AKIN_MUSIC, or run `akin demo`")


@pytest.fixture(scope="session")
def akin():
    program = pathlib.Path(os.environ.get("AKIN", ROOT / ".build" / "release" / "akin"))
    if not program.exists():
        pytest.skip(f"{program} is not there: make build, or set AKIN")
    return program


@pytest.fixture(scope="session")
def library(akin, tmp_path_factory):
    """A small library, one song of which has a file name that is markup."""
    folder = tmp_path_factory.mktemp("library")
    files = sorted(path for path in music().rglob("*") if path.suffix in {".mp3", ".flac", ".wav", ".ogg", ".opus", ".m4a"})
    chosen = files[:: max(1, len(files) // 60)][:60]
    for file in chosen:
        target = folder / "music" / file.relative_to(music())
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    # Without its tags, so that the name of the file is the title.
    evil = folder / "music" / f"{EVIL.replace('/', '')}.wav"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", chosen[0], "-map_metadata", "-1", "-t", "30", evil], check=True)
    library = folder / "library.sqlite"
    subprocess.run([akin, "index", folder / "music", "--library", library, "--quiet"], check=True)
    return library


@contextlib.contextmanager
def serving(akin, library, *options):
    """The address of a server of a library."""
    server = subprocess.Popen([akin, "serve", "--library", library, "--port", "0", *options], stdout=subprocess.PIPE, text=True)
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="session")
def url(request):
    if running := os.environ.get("AKIN_URL"):
        yield running
        return
    with serving(request.getfixturevalue("akin"), request.getfixturevalue("library")) as url:
        yield url


@pytest.fixture(scope="session")
def browser():
    path = os.environ.get("AKIN_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--autoplay-policy=no-user-gesture-required"])
        yield browser
        browser.close()


@pytest.fixture(params=[("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark")], ids="-".join)
def look(request, browser):
    """A page of one width in one theme."""
    width, theme = request.param
    yield from opened(browser, PHONE if width == "phone" else DESKTOP, theme)


@pytest.fixture
def page(browser):
    yield from opened(browser, DESKTOP, "dark")


def opened(browser, viewport, theme, refused=False):
    """A page, which must not have failed when it is left; `refused` if the server may have asked for a login."""
    context = browser.new_context(viewport=viewport, color_scheme=theme, accept_downloads=True)
    page = context.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))

    def heard(message):
        # That a song has no cover is told by a status, which the console shows.
        missing_cover = "/cover" in (message.location or {}).get("url", "")
        login_needed = refused and "401" in message.text
        if message.type == "error" and not missing_cover and not login_needed and not ignored(message.text):
            problems.append(message.text)

    page.on("console", heard)
    yield page
    context.close()
    assert problems == []


def ignored(text):
    """An answer that a page may have to what is not there, or names nothing."""
    return ("404" in text or "400" in text) and "Failed to load resource" in text


def api(url, path):
    with urllib.request.urlopen(f"{url}api/v1/{path}") as answer:
        return json.load(answer)


def any_song(url):
    return api(url, "search?q=a&count=5")["songs"][0]


def map_of(page, url):
    page.goto(url)
    page.locator(".map-overlay").wait_for(timeout=120_000)
    page.wait_for_timeout(700)
    return page.locator(".map-overlay")


def song_on_map(page, overlay):
    """Where a song lies on the screen: the keyboard goes to one, and its tip is there."""
    overlay.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".map-tip strong")).to_be_visible()
    x, y = map(float, re.search(r"translate\(([\d.]+)px, ([\d.]+)px\)", page.locator(".map-tip").get_attribute("style")).groups())
    box = overlay.bounding_box()
    return box["x"] + x, box["y"] + y


def position(page):
    return page.locator(".player .seek span").first.text_content()


def test_search_finds_as_one_types(page, url):
    song = any_song(url)
    page.goto(url)
    page.keyboard.press("/")
    page.keyboard.type(song["title"][:12])
    row = page.locator("main .row-title", has_text=song["title"]).first
    expect(row).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("#/$"))


def test_neighbours_say_how_alike_and_why(page, url):
    page.goto(f"{url}#/song/{any_song(url)['id']}")
    rows = page.locator("main .row")
    expect(rows.first).to_be_visible()
    assert rows.count() > 5
    values = [float(text.replace("−", "-").split()[-1]) for text in page.locator("main .similarity").all_text_contents()]
    assert values == sorted(values, reverse=True)
    expect(rows.first.locator(".row-why")).to_contain_text("alike")


def test_a_song_plays(page, url):
    page.goto(f"{url}#/song/{any_song(url)['id']}")
    page.get_by_role("button", name="Play", exact=True).first.click()
    expect(page.get_by_role("button", name="Pause (Space)").first).to_be_visible()
    expect(page.locator(".player .seek span").first).to_have_text(re.compile("0:0[1-9]"))
    page.locator("body").press("Space")
    expect(page.get_by_role("button", name="Play (Space)").first).to_be_visible()
    was = position(page)
    page.locator("body").press("ArrowRight")
    expect(page.locator(".player .seek span").first).not_to_have_text(was)


def test_an_album_goes_on_to_its_next_song(page, url):
    album = max(api(url, "albums?count=500")["items"], key=lambda album: album["songs"])
    if album["songs"] < 2:
        pytest.skip("no album has two songs")
    page.goto(f"{url}#/album/{album['id']}")
    expect(page.locator("main h1")).to_have_text(album["name"] or "Songs without an album")
    titles = page.locator("main .rows").first.locator(".row-title").all_text_contents()
    page.get_by_role("button", name="Play", exact=True).first.click()
    expect(page.locator(".player-title")).to_have_text(titles[0])
    slider = page.get_by_role("slider", name="Place in the song").first
    expect(page.locator(".player .seek span").first).to_have_text(re.compile("0:0[1-9]"))
    slider.evaluate("slider => { slider.value = 960; slider.dispatchEvent(new Event('change')); }")
    expect(page.locator(".player-title")).to_have_text(titles[1], timeout=15_000)
    expect(page.get_by_role("button", name="Pause (Space)").first).to_be_visible()


def test_the_map_is_drawn_and_plays(page, url):
    overlay = map_of(page, url)
    x, y = song_on_map(page, overlay)
    page.mouse.move(x - 60, y - 60)
    page.mouse.move(x, y)
    expect(page.locator(".map-tip")).to_be_visible()
    title = page.locator(".map-tip strong").text_content()
    page.mouse.click(x, y)
    expect(page.locator(".player-title")).to_have_text(title)
    expect(page.locator(".map-card .row").first).to_be_visible()
    colors = page.evaluate(
        """async () => { await new Promise(requestAnimationFrame); const canvas = document.querySelector('.map-overlay');
        return new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size; }""")
    assert colors > 10


def test_a_large_map_moves_smoothly(page, url):
    """100,000 songs at 20 frames a second, drawn by the processor; AKIN_MAP_RATE asks for another rate of a slower one."""
    count, clusters = 100_000, 60
    random = Random(1)
    middles = [(random.random(), random.random()) for _ in range(clusters)]
    kinds = [random.randrange(clusters) for _ in range(count)]
    near = lambda row, axis: round(min(1, max(0, random.gauss(middles[kinds[row]][axis], 0.05))), 4)
    columns = {
        "version": 1, "ids": list(range(1, count + 1)), "x": [near(row, 0) for row in range(count)],
        "y": [near(row, 1) for row in range(count)], "titles": [f"Artist {kind} – Song" for kind in kinds],
        "artists": [f"Artist {kind}" for kind in range(clusters)], "genres": [f"Genre {kind}" for kind in range(clusters)],
        "artist": kinds, "genre": kinds, "year": [1960 + kind for kind in kinds], "tempo": [80 + kind for kind in kinds]}
    page.route("**/api/v1/map", lambda route: route.fulfill(json=columns))
    map_of(page, url)
    page.wait_for_timeout(1500)
    rate = page.evaluate(
        """async () => {
          const overlay = document.querySelector('.map-overlay');
          overlay.setPointerCapture = () => {};
          const send = (kind, x, y) => overlay.dispatchEvent(new PointerEvent(kind,
            { clientX: x, clientY: y, pointerId: 1, pointerType: 'mouse', button: kind === 'pointermove' ? -1 : 0, bubbles: true }));
          send('pointerdown', 600, 400);
          const began = performance.now();
          let frames = 0;
          for (; performance.now() - began < 4000; frames += 1) {
            send('pointermove', 600 + 80 * Math.sin(frames / 10), 400 + 60 * Math.cos(frames / 10));
            await new Promise(requestAnimationFrame);
          }
          send('pointercancel', 600, 400);
          return 1000 * frames / (performance.now() - began);
        }""")
    print(f"{rate:.0f} frames a second")
    assert rate >= float(os.environ.get("AKIN_MAP_RATE", 20))


def test_a_lasso_makes_a_playlist(page, url):
    overlay = map_of(page, url)
    box = overlay.bounding_box()
    page.get_by_role("button", name=re.compile("^Lasso")).click()
    corners = [(0.05, 0.3), (0.9, 0.25), (0.9, 0.95), (0.3, 0.95), (0.05, 0.35)]
    x, y = [box["x"] + corners[0][0] * box["width"], box["y"] + corners[0][1] * box["height"]]
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10)
    page.mouse.move(x + 300, y)
    page.mouse.down()
    for across, down in corners[1:]:
        page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"], steps=8)
    page.mouse.up()
    card = page.locator(".map-card")
    expect(card).to_contain_text("inside")
    with page.expect_download() as download:
        card.get_by_role("button", name="Save as M3U8").click()
    text = pathlib.Path(download.value.path()).read_text()
    assert text.startswith("#EXTM3U") and len(text.splitlines()) > 4
    card.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".player-title")).to_be_visible()


def test_an_endless_queue_learns(page, url):
    page.goto(f"{url}#/song/{any_song(url)['id']}")
    page.get_by_role("button", name="Endless queue").click()
    page.locator("body").press("q")
    queue = page.get_by_role("complementary", name="Queue")
    expect(queue.locator(".row")).to_have_count(6)
    expect(page.locator(".player .seek span").first).to_have_text(re.compile("0:0[1-9]"))
    second = queue.locator(".row-title").first.text_content()
    page.locator("body").press("Shift+ArrowRight")
    expect(page.locator(".player-title")).to_have_text(second)
    with page.expect_response(lambda response: "/next" in response.url and response.ok):
        page.locator("body").press("l")
    expect(page.locator(".player").get_by_role("button", name=re.compile("^More like this"))).to_have_attribute("aria-pressed", "true")
    expect(queue.locator(".row").first).to_be_visible()


def test_a_path_is_made_and_saved(page, url):
    songs = api(url, "search?q=a&count=30")["songs"]
    page.goto(f"{url}#/playlist?kind=path&path=song:{songs[0]['id']}&path=song:{songs[-1]['id']}")
    rows = page.locator(".playlist-result .row-title")
    expect(rows.first).to_have_text(songs[0]["title"])
    expect(rows.last).to_have_text(songs[-1]["title"])
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as M3U8").click()
    assert download.value.suggested_filename.endswith(".m3u8")


def test_a_playlist_comes_back(page, url):
    """By going back, and by its address in another window: what is composed, its kind, its filters."""
    songs = api(url, "search?q=a&count=30")["songs"]
    page.goto(f"{url}#/playlist")
    page.get_by_role("button", name="A path").click()
    for song in [songs[0], songs[-1]]:
        page.get_by_role("combobox").last.fill(song["title"])
        page.locator(".options:visible li").first.click()
    page.get_by_label("Length").fill("7")
    page.get_by_label("Length").blur()
    rows = page.locator(".playlist-result .row-title")
    expect(rows).to_have_count(7)
    titles = rows.all_text_contents()
    address = page.url
    rows.nth(3).click()
    expect(page.locator("main h1")).to_have_text(titles[3])
    page.go_back()
    expect(rows).to_have_text(titles)
    page.goto("about:blank")
    page.goto(address)
    expect(rows).to_have_text(titles)
    expect(page.get_by_role("button", name="A path")).to_have_attribute("aria-pressed", "true")


def test_filters_come_back_and_are_said_as_asked(page, url):
    page.goto(f"{url}#/playlist?like=song:{any_song(url)['id']}")
    page.get_by_text("Filters and variety").click()
    page.get_by_label("Variety").fill("40")
    expect(page.locator(".option-value").first).to_have_text("40 %")
    page.get_by_label("From year").fill("2990")
    page.get_by_label("From year").blur()
    result = page.locator(".playlist-result")
    expect(result).to_contain_text("Nothing is from 2990 on.")
    expect(result).not_to_contain_text("3000")
    expect(result.get_by_role("button", name="Endless queue")).to_be_disabled()
    page.reload()
    expect(page.get_by_label("From year")).to_have_value("2990")
    expect(page.get_by_label("Variety")).to_have_value("40")
    page.get_by_label("To year").fill("1990")
    page.get_by_label("To year").blur()
    expect(page.get_by_label("From year")).to_have_value("1990")
    expect(page.get_by_label("To year")).to_have_value("2990")
    expect(page.get_by_role("status")).to_contain_text("from 1990 to 2990")


def test_names_stay_when_the_queue_is_open(page, url):
    page.goto(f"{url}#/song/{any_song(url)['id']}")
    expect(page.locator("main .row").first).to_be_visible()
    page.locator("body").press("q")
    for width in [700, 1000, 1190, 1280, 1440, 1700]:
        page.set_viewport_size({"width": width, "height": 800})
        room = page.locator("main .row-names").evaluate_all("all => Math.min(...all.map((one) => one.clientWidth))")
        assert room >= 150, width
        parts = page.locator("main .row").first.evaluate(
            """row => [...row.children].filter((one) => one.offsetParent).map((one) => one.getBoundingClientRect())
              .map(({ left, right }) => [left, right])""")
        assert all(one[1] <= other[0] + 0.5 for one, other in zip(parts, parts[1:])), width


def test_one_tab_plays(page, url):
    song = any_song(url)
    page.goto(f"{url}#/song/{song['id']}")
    page.get_by_role("button", name="Play", exact=True).first.click()
    expect(page.get_by_role("button", name="Pause (Space)").first).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{url}#/song/{song['id']}")
    other.get_by_role("button", name="Play", exact=True).first.click()
    expect(other.get_by_role("button", name="Pause (Space)").first).to_be_visible()
    expect(page.get_by_role("button", name="Play (Space)").first).to_be_visible()


def test_the_page_follows_the_library(akin, tmp_path, page):
    """From nothing to a map, and to a larger one, while a song plays."""
    folder, library = tmp_path / "music", tmp_path / "a library.sqlite"
    folder.mkdir()
    files = sorted(path for path in music().rglob("*") if path.suffix in {".mp3", ".wav", ".flac"})

    def index(chosen):
        for file in chosen:
            shutil.copy(file, folder / file.name)
        # Of a folder without a song, it says so.
        subprocess.run([akin, "index", folder, "--library", library, "--quiet"], check=bool(chosen))

    index([])
    with serving(akin, library) as url:
        page.goto(url)
        expect(page.locator("main code")).to_have_text(f"akin index ~/Music --library '{library}'")
        index(files[:6])
        title = page.locator(".map-title")
        expect(title).to_have_text("6 songs, by sound", timeout=20_000)
        page.locator(".map-overlay").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(page.locator(".map-card")).to_be_visible()
        playing = page.locator(".player-title").text_content()
        index(files[6:10])
        expect(title).to_have_text("10 songs, by sound", timeout=20_000)
        expect(page.locator(".map-card")).to_be_visible()
        expect(page.locator(".player-title")).to_have_text(playing)
        page.goto(f"{url}#/artists")
        count = page.locator("main .title .number")
        expect(count).to_have_text(f"{api(url, 'artists')['total']} artist{'s' if api(url, 'artists')['total'] > 1 else ''}")
        page.goto(f"{url}#/library")
        expect(page.locator(".figures .number").first).to_have_text("10")
        index(files[10:12])
        expect(page.locator(".figures .number").first).to_have_text("12", timeout=20_000)


def test_a_song_is_blocked_and_not_any_more(page, url):
    page.goto(f"{url}#/song/{any_song(url)['id']}")
    page.locator("main .actions").get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Never recommend this song").click()
    hint = page.locator(".blocked")
    expect(hint).to_contain_text("never recommended")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(hint).to_have_count(0)
    assert api(url, "blocks") == []


def test_a_key_plays_the_song_in_focus(page, url):
    page.goto(f"{url}#/song/{any_song(url)['id']}")
    row = page.locator("main .row-title").first
    expect(row).to_be_visible()
    page.locator("body").press("ArrowDown")
    expect(row).to_be_focused()
    page.keyboard.press("p")
    expect(page.locator(".player-title")).to_have_text(row.text_content())
    expect(page.get_by_role("button", name="Pause (Space)").first).to_be_visible()


def test_each_place_names_the_window(page, url):
    song = any_song(url)
    for place, title in [("#/albums", "Albums – Akin"), (f"#/song/{song['id']}", f"{song['title']} – {song['artist']} – Akin"), ("#/ear", "Your ear – Akin")]:
        page.goto(url + place)
        expect(page).to_have_title(title)


def test_a_genre_plays(page, url):
    genre = max(api(url, "genres")["items"], key=lambda genre: genre["songs"], default=None)
    if not genre:
        pytest.skip("this library has no genre")
    page.goto(f"{url}#/genre/{urllib.parse.quote(genre['name'], safe='')}")
    first = page.locator("main .row-title").first.text_content()
    assert page.locator("main .row-number").count() == 0
    page.get_by_role("button", name="Play", exact=True).first.click()
    expect(page.locator(".player-title")).to_have_text(first)


def test_which_song_does_not_belong(page, url):
    page.goto(f"{url}#/ear")
    count, titles = page.locator("main .title .number"), page.locator(".odd-title")
    before = api(url, "odd-one-out")["answered"]
    expect(titles).to_have_count(3)
    asked = titles.all_text_contents()
    page.locator(".odd-cover").nth(1).click()
    heard = page.locator(".odd-cover[aria-pressed='true']")
    expect(heard).to_have_attribute("aria-label", f"Listen to {asked[1]}")
    expect(heard).to_have_attribute("style", re.compile(r"--value: 0\.0[2-9]"))
    page.locator(".odd").nth(2).get_by_role("button", name="This one does not belong").click()
    expect(count).to_have_text(re.compile(f"^{before + 1} answers? so far"))
    expect(heard).to_have_count(0)
    page.keyboard.press("u")
    expect(titles).to_have_text(asked)
    page.keyboard.press("1")
    expect(count).to_have_text(re.compile(f"^{before + 1} answers? so far"))
    page.get_by_role("button", name="Skip").click()
    expect(titles).not_to_have_text(asked)
    assert api(url, "odd-one-out")["answered"] == before + 1


def test_markup_in_a_name_stays_text(page, url):
    found = api(url, "search?q=onerror")["songs"]
    if not found:
        pytest.skip("this library has no such song")
    page.goto(f"{url}#/search?q=onerror")
    expect(page.locator("main .row-title").first).to_contain_text("<img src=x onerror=")
    page.goto(f"{url}#/song/{found[0]['id']}")
    expect(page.locator("main h1")).to_contain_text("<img src=x onerror=")
    page.get_by_role("button", name="Play", exact=True).first.click()
    expect(page.locator(".player-title")).to_contain_text("<img")
    assert page.title() != "owned"
    assert page.locator("img[src='x']").count() == 0


def test_problems_are_shown(page, url):
    page.goto(f"{url}#/song/99999999")
    expect(page.get_by_role("alert")).to_contain_text("99999999")
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    for place in ["#/nonsense", "#/song/abc", "#/genre/nobody%20plays%20this"]:
        page.goto(url + place)
        expect(page.get_by_role("alert").get_by_role("link", name="To the map")).to_be_visible()


def test_keys(page, url):
    page.goto(f"{url}#/albums")
    page.locator("body").press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator("body").press("m")
    expect(page).to_have_url(re.compile("#/$"))


def places(url):
    song = any_song(url)
    return ["", f"#/song/{song['id']}", f"#/album/{song['albumId']}" if "albumId" in song else "#/albums", "#/albums", "#/artists",
            f"#/artist/{song['artists'][0]['id']}" if song.get("artists") else "#/artists", "#/genres", f"#/search?q={song['title'][:4]}",
            f"#/playlist?like=song:{song['id']}", "#/ear", "#/duplicates", "#/quality", "#/library"]


def violations(page):
    """What axe finds against WCAG A and AA: the rule, and the elements."""
    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}})
    return {violation["id"]: [node["html"][:160] for node in violation["nodes"]][:3] for violation in result.response["violations"]}


def test_every_place_is_accessible_and_fits(look, url):
    """No violation of WCAG A or AA, and nothing that must be scrolled sideways."""
    found = {}
    for index, place in enumerate(places(url)):
        look.goto("about:blank")
        look.goto(url + place)
        look.locator("main h1").wait_for(state="attached")
        look.wait_for_timeout(900)
        if shots := os.environ.get("AKIN_SHOTS"):
            width, theme = look.viewport_size["width"], "dark" if look.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
            look.screenshot(path=f"{shots}/{index:02}-{re.sub(r'[^a-z]+', '-', place)[:16]}-{width}-{theme}.png")
        # All of a place at once: what lies beyond the edge of a list would seem to be covered.
        size = look.viewport_size
        hidden = look.evaluate("document.querySelector('main').scrollHeight - document.querySelector('main').clientHeight")
        look.set_viewport_size({"width": size["width"], "height": size["height"] + min(4000, max(0, hidden))})
        look.wait_for_timeout(200)
        for rule, elements in violations(look).items():
            found[f"{place} {rule}"] = elements
        wide = look.evaluate("document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth")
        look.set_viewport_size(size)
        assert wide <= 0, f"{place} is {wide} pixels too wide"
    assert found == {}


def test_a_login_lets_in_and_out(akin, library, browser, tmp_path):
    own = shutil.copy(library, tmp_path / "library.sqlite")
    subprocess.run([akin, "user", "add", "anna", "--library", own], input="a lamp at night\n", text=True, check=True)
    with serving(akin, own) as url:
        for page in opened(browser, PHONE, "light", refused=True):
            page.goto(url)
            expect(page).to_have_url(f"{url}login.html")
            assert violations(page) == {}
            page.get_by_label("Name").fill("anna")
            page.get_by_label("Password").fill("a lamp by day")
            page.get_by_role("button", name="Log in").click()
            expect(page.get_by_role("alert")).to_contain_text("password")
            page.get_by_label("Password").fill("a lamp at night")
            page.keyboard.press("Enter")
            expect(page).to_have_url(url)
            expect(page.locator(".map-overlay")).to_be_visible()
            page.goto(f"{url}#/library")
            page.get_by_role("button", name="Log out").click()
            expect(page).to_have_url(f"{url}login.html")
            page.goto(f"{url}#/albums")
            expect(page).to_have_url(f"{url}login.html#/albums")


@pytest.fixture
def proxied(akin, library, tmp_path):
    """The address of a server below a path, behind nginx as docs/server.md has it."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not nginx:
        pytest.skip("nginx is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    lines = re.search(r"location / \{\n(.*?)\}", (ROOT / "docs" / "server.md").read_text(), re.DOTALL)[1]
    with serving(akin, library, "--base-path", "/akin") as url:
        location = lines.replace("http://127.0.0.1:4545", url.removesuffix("/akin/"))
        temporary = "".join(f"{kind}_temp_path {tmp_path};" for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
        (tmp_path / "nginx.conf").write_text(
            f"daemon off; pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {temporary}"
            f" server {{ listen 127.0.0.1:{port}; location /akin {{ {location} }} }} }}")
        proxy = subprocess.Popen([nginx, "-e", "stderr", "-c", tmp_path / "nginx.conf"])
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/akin"
        proxy.terminate()
        proxy.wait()


def test_all_works_below_a_path_behind_a_proxy(proxied, page):
    asked = []
    page.on("response", lambda response: asked.append((response.status, response.url)))
    page.goto(proxied)
    expect(page).to_have_url(re.compile(f"^{proxied}/(#/)?$"))
    song = any_song(f"{proxied}/")
    page.goto(f"{proxied}/#/song/{song['id']}")
    expect(page.locator("main .row").first).to_be_visible()
    page.get_by_role("button", name="Play", exact=True).first.click()
    expect(page.locator(".player .seek span").first).to_have_text(re.compile("0:0[1-9]"))
    page.locator("body").press("l")
    expect(page.locator(".player").get_by_role("button", name=re.compile("^More like this"))).to_have_attribute("aria-pressed", "true")
    for part in ["/stream", "/cover", "/events", "/similar", "/events/stream"]:
        assert any(url.startswith(f"{proxied}/api/v1/") and part in url for _, url in asked), part
    assert [one for one in asked if one[0] >= 400 and "/cover" not in one[1]] == []
    assert [url for _, url in asked if not url.startswith(proxied)] == []
