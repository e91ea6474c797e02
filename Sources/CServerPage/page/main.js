// The page: its places, its keys, and what stays while places change.

import { get, happenings, listenToServer } from "./api.js";
import { h, icon, iconButton } from "./dom.js";
import { installKeys, showKeys } from "./keys.js";
import { link, placeOf } from "./links.js";
import { attempt, problemPanel, tell } from "./notice.js";
import { mediaSession, playerBar } from "./player-bar.js";
import { queue } from "./queue.js";
import { queuePanel } from "./queue-panel.js";
import { searchBox } from "./search-box.js";
import { themeButton } from "./theme-button.js";

/** Each place: its module is fetched when it is first gone to. */
const places = {
  map: () => import("./view-map.js"),
  search: () => import("./view-search.js"),
  song: () => import("./view-song.js"),
  album: () => import("./view-album.js"),
  artist: () => import("./view-artist.js"),
  genre: () => import("./view-genre.js"),
  albums: () => import("./view-albums.js"),
  artists: () => import("./view-artists.js"),
  genres: () => import("./view-genres.js"),
  playlist: () => import("./view-playlist.js"),
  duplicates: () => import("./view-duplicates.js"),
  quality: () => import("./view-quality.js"),
  ear: () => import("./view-ear.js"),
  library: () => import("./view-library.js"),
};

const main = document.querySelector("main");
const navigation = document.querySelector(".nav");

const ways = [
  ["map", "Map", link.map()], ["albums", "Albums", link.albums()], ["artists", "Artists", link.artists()],
  ["genres", "Genres", link.genres(), "wide"], ["playlist", "Playlist", link.playlist()],
  ["ear", "Your ear", link.ear(), "wide"],
  ["duplicates", "Duplicates", link.duplicates(), "wide rest"], ["quality", "Quality", link.quality(), "wide"], ["library", "Library", link.library()],
];
navigation.append(...ways.map(([name, label, href, kind = ""]) => h("a", { href, class: kind, data: { name }, title: label }, icon(name), h("span", {}, label))));
const section = { song: "", album: "albums", artist: "artists", genre: "genres" };

// MARK: - Places

let leaving = new AbortController();
const scrolled = new Map();
let current = "";
let isBack = false;
addEventListener("popstate", () => { isBack = true; });

async function go() {
  const hash = location.hash || "#/";
  if (!hash.startsWith("#/")) return;
  scrolled.set(current, main.scrollTop);
  const back = isBack;
  isBack = false;
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const place = placeOf(hash);
  const open = places[place.name] ? place.name : "map";
  for (const way of navigation.children) {
    if (way.dataset.name === (section[open] ?? open)) way.setAttribute("aria-current", "page");
    else way.removeAttribute("aria-current");
  }
  try {
    const [{ view }, status] = await Promise.all([places[open](), open === "library" ? undefined : libraryStatus()]);
    const element = status && status.library.tracks === 0 ? (await import("./view-empty.js")).view() : await view({ ...place, signal });
    if (signal.aborted) return;
    show(element, open);
    main.scrollTop = back ? scrolled.get(hash) ?? 0 : 0;
  } catch (error) {
    if (signal.aborted || error.name === "AbortError") return;
    if (!("status" in error)) console.error(error);
    show(h("div", { class: "view" }, problemPanel(error, go)), open);
  }
  current = hash;
}

function show(element, name) {
  const hadFocus = main.contains(document.activeElement);
  main.dataset.place = name;
  main.replaceChildren(element);
  if (hadFocus) main.focus({ preventScroll: true });
}

let known;
/** The state of the library; asked once until it changes. */
function libraryStatus() {
  known ??= get("status").catch((error) => { known = undefined; throw error; });
  return known;
}

addEventListener("hashchange", go);
happenings.addEventListener("library", () => {
  known = undefined;
  tell("The library has changed.", { action: { label: "Show", run: go } });
});

// MARK: - What stays

const panel = document.querySelector("aside.queue");
function toggleQueue() {
  panel.hidden = !panel.hidden;
  document.querySelector(".queue-button").setAttribute("aria-expanded", String(!panel.hidden));
  localStorage.setItem("akin.queue-open", panel.hidden ? "" : "yes");
  if (!panel.hidden) { showQueue(); panel.querySelector("button")?.focus({ preventScroll: true, focusVisible: false }); } else document.querySelector(".queue-button").focus({ focusVisible: false });
}
const showQueue = queuePanel(panel, toggleQueue);

document.querySelector(".player").append(...playerBar(toggleQueue));
document.querySelector(".search").append(...searchBox());
document.querySelector(".top-actions").append(iconButton("keyboard", "Keys (?)", showKeys, { class: "icon-button wide" }), themeButton());
installKeys({ toggleQueue, panel });
mediaSession();
if (localStorage.getItem("akin.queue-open") && innerWidth > 1180) { panel.hidden = false; showQueue(); document.querySelector(".queue-button").setAttribute("aria-expanded", "true"); }

go();
attempt(() => queue.restore());
listenToServer();
