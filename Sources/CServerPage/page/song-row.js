// A song in a list: its cover plays it, its title leads to it, and a menu has the rest.

import { happenings, post, remove } from "./api.js";
import { songCover } from "./cover.js";
import { clock, decimal, h, icon, iconButton } from "./dom.js";
import { link } from "./links.js";
import { attempt, openMenu, tell } from "./notice.js";
import { player } from "./player.js";
import { queue } from "./queue.js";

/** The artists of a song, each a link. */
export function artistLinks(song) {
  if (!song.artists?.length) return song.artist ? [song.artist] : [h("span", { class: "quiet" }, "Unknown artist")];
  return song.artists.flatMap((artist, index) => [index ? ", " : "", h("a", { href: link.artist(artist.id) }, artist.name)]);
}

/** What can be done with a song. */
export function songMenu(anchor, song) {
  openMenu(anchor, [
    { label: "Play next", symbol: "next", run: () => queue.add([song], { next: true }) },
    { label: "Add to queue", symbol: "plus", run: () => queue.add([song]) },
    { label: "Endless queue from here", symbol: "endless", run: () => endlessFrom(song) },
    { label: queue.opinion(song) === "liked" ? "Take back the like" : "More like this", symbol: "heart", run: () => queue.judge(song, "liked") },
    { label: queue.opinion(song) === "disliked" ? "Take back the dislike" : "Less like this", symbol: "less", run: () => queue.judge(song, "disliked") },
    { label: "Playlist from this", symbol: "playlist", href: link.playlist({ like: [`song:${song.id}`] }) },
    song.albumId && { label: "Go to the album", symbol: "albums", href: link.album(song.albumId) },
    { label: "Show on the map", symbol: "map", href: link.map({ song: song.id }) },
    { label: "Never recommend this song", symbol: "block", run: () => block({ song: song.id }, song.title) },
    song.artist && { label: "Never recommend this artist", symbol: "block", run: () => block({ artist: song.artists[0]?.name ?? song.artist }, song.artist) },
  ]);
}

export const endlessFrom = (song) => queue.endless([{ song: song.id }], `Endless, from ${song.title}`, { first: song });

/** Puts something on the block list. */
export async function block(clause, name) {
  await post("blocks", clause);
  happenings.dispatchEvent(new Event("blocks"));
  tell(`“${name}” is never recommended from now on.`, { action: { label: "Undo", run: () => attempt(() => unblock(clause)) } });
}

/** Takes it off again. */
export async function unblock(clause) {
  await remove("blocks", clause);
  happenings.dispatchEvent(new Event("blocks"));
}

/** A bar that shows how alike two songs are: nothing at 0 or below, full at 1. */
export function similarityBar(value) {
  const text = decimal(value);
  return h("span", { class: "similarity number", title: "Similarity: 1 is the same sound, 0 is chance" },
    h("span", { class: "unseen" }, "similarity "), text, h("span", { class: "bar", "aria-hidden": "true", style: { "--value": Math.max(0.02, Math.min(1, value)) } }));
}

/**
 * A row. `onplay` plays the list from here; `leading` is what stands in the place of a track number; `extra` stands before the
 * time; `below` is a line below the names.
 */
export function songRow(song, { onplay, similarity, leading, extra, below, plain = false, actions = [] } = {}) {
  const play = onplay ?? (() => queue.play([song]));
  const menu = iconButton("dots", `More for ${song.title}`, (event) => songMenu(event.currentTarget, song), { class: "icon-button row-menu", "aria-haspopup": "menu" });
  const row = h("li", { class: "row", data: { song: song.id }, ondblclick: (event) => { if (!event.target.closest("button, a")) play(); } },
    leading !== undefined && h("span", { class: "row-number number quiet" }, leading),
    h("button", { type: "button", class: "row-cover", "aria-label": `Play ${song.title}`, onclick: () => (isCurrent(song) ? player.toggle() : play()) },
      songCover(song, 44), h("span", { class: "row-play" }, icon("play"), icon("pause"))),
    h("div", { class: "row-names" },
      h("a", { class: "row-title", href: link.song(song.id) }, song.title),
      h("span", { class: "row-by quiet" }, artistLinks(song), !plain && song.album && [" · ", h("a", { href: song.albumId ? link.album(song.albumId) : link.song(song.id) }, song.album)]),
      below),
    extra, similarity !== undefined && similarityBar(similarity),
    h("span", { class: "row-time number quiet" }, clock(song.duration)), ...actions, menu);
  mark(row);
  return row;
}

const isCurrent = (song) => queue.song?.id === song.id;

function mark(row) {
  const current = String(queue.song?.id) === row.dataset.song;
  row.classList.toggle("current", current);
  row.classList.toggle("playing", current && player.playing);
}

// Rows of what plays say so, wherever they are.
function markAll() { for (const row of document.querySelectorAll(".row[data-song]")) mark(row); }
queue.addEventListener("change", markAll);
player.addEventListener("change", markAll);

/** A list of songs in which each plays the list from there. */
export function songList(songs, { label = "", ...options } = {}) {
  return h("ol", { class: "rows" }, songs.map((item, index) => {
    const song = item.song ?? item;
    return songRow(song, {
      onplay: () => queue.play(songs.map((each) => each.song ?? each), index, label), similarity: item.similarity,
      ...Object.fromEntries(Object.entries(options).map(([key, value]) => [key, typeof value === "function" ? value(item, index) : value])),
    });
  }));
}
