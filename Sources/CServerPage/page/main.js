// The page: its places, its keys, and what stays while places change.

import { get, happenings, listenToServer, Problem } from "./api.js";
import { h, icon, iconButton } from "./dom.js";
import { installKeys, showKeys } from "./keys.js";
import { link, placeOf } from "./links.js";
import { attempt, missingPanel, problemPanel, tell } from "./notice.js";
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

addEventListener("placereplaced", () => { current = location.hash; });

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
  markWay(place.name);
  try {
    const element = await elementOf(place, signal);
    if (signal.aborted) return;
    show(element, place.name);
    scrollTo(back ? scrolled.get(hash) ?? 0 : 0, signal);
  } catch (error) {
    if (signal.aborted || error.name === "AbortError") return;
    if (!("status" in error)) console.error(error);
    const isMissing = error.status === 404 || error.status === 400;
    show(h("div", { class: "view" }, isMissing ? missingPanel(error) : problemPanel(error, go)), place.name);
  }
  current = hash;
}

async function elementOf(place, signal, again = {}) {
  if (!places[place.name]) throw new Problem(`The page has nothing at “${decoded(location.hash)}”.`, 404);
  const [{ view }, status] = await Promise.all([places[place.name](), place.name === "library" ? undefined : libraryStatus()]);
  return status && status.library.tracks === 0 ? (await import("./view-empty.js")).view(status.library) : view({ ...place, ...again, signal });
}

function decoded(hash) {
  try { return decodeURIComponent(hash); } catch { return hash; }
}

/** Which way leads to where one is; on a phone some are only behind “Library”. */
function markWay(name) {
  const open = section[name] ?? name;
  const way = [...navigation.children].find((one) => one.dataset.name === open);
  const marked = way && !way.offsetParent ? "library" : open;
  for (const one of navigation.children) {
    if (one.dataset.name === marked) one.setAttribute("aria-current", marked === name ? "page" : "true");
    else one.removeAttribute("aria-current");
  }
}
matchMedia("(max-width: 640px)").addEventListener("change", () => markWay(placeOf(location.hash).name));

function show(element, name) {
  const hadFocus = main.contains(document.activeElement);
  main.dataset.place = name;
  main.replaceChildren(element);
  const title = element.dataset.title ?? element.querySelector("h1, h2")?.textContent;
  document.title = title ? `${title} – Akin` : "Akin";
  if (hadFocus) main.focus({ preventScroll: true });
}

/** Some places know how high they are only when they have been laid out. */
function scrollTo(top, signal) {
  main.scrollTop = top;
  if (top === 0) return;
  requestAnimationFrame(() => requestAnimationFrame(() => { if (!signal.aborted) main.scrollTop = top; }));
}

// MARK: - Following the library

/** These ask the listener something, or take the server long: they wait until they are asked to. */
const patient = new Set(["ear", "quality", "duplicates"]);
let refreshed = 0;
let refreshing = false;
let isStale = false;
/** Fields that were waited for. */
const awaited = new WeakSet();

/** Follows the library, one change after the other; those that come meanwhile are one. */
async function follow() {
  isStale = true;
  if (refreshing) return;
  refreshing = true;
  while (isStale) {
    isStale = false;
    await attempt(refresh);
  }
  refreshing = false;
}

/** Shows the open place as it is now, in the place of what it was: where it is scrolled to, what has the focus, what is open. */
async function refresh() {
  const place = placeOf(location.hash || "#/");
  const focus = document.activeElement;
  // Whoever types is not disturbed.
  if (main.contains(focus) && focus.matches("input, select, textarea")) {
    if (!awaited.has(focus)) focus.addEventListener("blur", () => { awaited.delete(focus); follow(); }, { once: true });
    awaited.add(focus);
    return;
  }
  const next = new AbortController();
  const was = leaving;
  const leave = () => next.abort();
  was.signal.addEventListener("abort", leave, { once: true });
  const shown = Number(main.querySelector("[data-shown]")?.dataset.shown ?? 0);
  refreshed = performance.now();
  const element = await elementOf(place, next.signal, { isAgain: !main.querySelector(".empty h1"), shown }).catch((error) => {
    // What is shown is still better than that it cannot be had now.
    if (error.name !== "AbortError" && !("status" in error)) console.error(error);
  });
  if (!element || next.signal.aborted) { next.abort(); return; }
  const top = main.scrollTop;
  const keyOf = (one) => [one.tagName, one.getAttribute("href"), one.getAttribute("aria-label") ?? one.textContent].join(" ");
  const focused = main.contains(document.activeElement) && keyOf(document.activeElement);
  const open = new Set([...main.querySelectorAll("details[open] > summary")].map((one) => one.textContent));
  was.signal.removeEventListener("abort", leave);
  was.abort();
  leaving = next;
  show(element, place.name);
  for (const summary of main.querySelectorAll("details > summary")) if (open.has(summary.textContent)) summary.parentElement.open = true;
  if (focused) [...main.querySelectorAll("a, button, canvas")].find((one) => keyOf(one) === focused)?.focus({ preventScroll: true });
  scrollTo(top, next.signal);
}

let known;
/** The state of the library; asked once until it changes. */
function libraryStatus() {
  known ??= get("status").catch((error) => { known = undefined; throw error; });
  return known;
}

addEventListener("hashchange", go);
// While Akin listens, the library changes again and again.
let soon;
happenings.addEventListener("library", () => {
  known = undefined;
  clearTimeout(soon);
  soon = setTimeout(() => {
    const isEmpty = main.querySelector(".empty h1");
    if (patient.has(placeOf(location.hash).name) && !isEmpty) tell("The library has changed.", { action: { label: "Show", run: go } });
    else follow();
  }, Math.max(300, refreshed + 4000 - performance.now()));
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
