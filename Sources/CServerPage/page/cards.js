// Albums and artists as cards.

import { cover } from "./cover.js";
import { counted, h, icon } from "./dom.js";
import { get } from "./api.js";
import { link } from "./links.js";
import { attempt } from "./notice.js";
import { queue } from "./queue.js";
import { similarityBar } from "./song-row.js";

export const albumName = (album) => album.name || "Songs without an album";

export async function playAlbum(id) {
  const { album, songs } = await get(["albums", id]);
  queue.play(songs, 0, albumName(album));
}

function card(href, picture, name, below, { play, similarity, round } = {}) {
  return h("div", { class: `card ${round ? "round" : ""}` },
    h("a", { class: "card-cover", href, tabindex: "-1", "aria-hidden": "true" }, picture),
    play && h("button", { type: "button", class: "card-play", "aria-label": `Play ${name}`, onclick: () => attempt(play) }, icon("play")),
    h("a", { class: "card-name", href, title: name }, name),
    h("span", { class: "card-below quiet" }, below), similarity !== undefined && similarityBar(similarity));
}

export function albumCard(album, { similarity, byArtist = true } = {}) {
  const below = byArtist && album.artist ? album.artist : [album.year, counted(album.songs, "song")].filter(Boolean).join(" · ");
  return card(link.album(album.id), cover(album.coverSong, album.name, 180), albumName(album), below, { play: () => playAlbum(album.id), similarity });
}

export function artistCard(artist, { similarity } = {}) {
  return card(link.artist(artist.id), cover(artist.coverSong, artist.name, 160), artist.name, counted(artist.songs, "song"), { similarity, round: true });
}

/** A row of cards that can be scrolled sideways. */
export const shelf = (cards) => h("div", { class: "shelf", tabindex: "0", role: "group" }, cards);
