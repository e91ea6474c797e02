import { get } from "./api.js";
import { albumCard, artistCard, shelf } from "./cards.js";
import { counted, h } from "./dom.js";
import { link } from "./links.js";
import { emptyPanel } from "./notice.js";
import { songList } from "./song-row.js";

/** What a text finds. */
export async function view({ parameters, signal }) {
  const text = parameters.get("q") ?? "";
  if (!text) return h("div", { class: "view" }, emptyPanel("Search", "Type a title, an artist, an album or a genre."));
  const found = await get("search", { q: text, count: 60 }, signal);
  const { artists, albums, genres, songs } = found;
  if (![artists, albums, genres, songs].some((list) => list.length)) {
    return h("div", { class: "view" }, emptyPanel(`Nothing is called “${text}”`, "Fewer letters find more. Accents and capitals do not matter."),
      found.near.length > 0 && h("p", { class: "chips" }, "Did you mean ", found.near.map((name) => h("a", { class: "chip", href: link.search(name) }, name))));
  }
  const section = (title, content) => h("section", { class: "section" }, h("h2", {}, title), content);
  return h("div", { class: "view" }, h("h1", { class: "unseen" }, `Search: ${text}`),
    genres.length > 0 && h("div", { class: "chips" }, genres.slice(0, 12).map((genre) => h("a", { class: "chip", href: link.genre(genre.name) }, genre.name, h("span", { class: "quiet number" }, counted(genre.songs, "song"))))),
    artists.length > 0 && section("Artists", shelf(artists.slice(0, 12).map((artist) => artistCard(artist)))),
    albums.length > 0 && section("Albums", shelf(albums.slice(0, 12).map((album) => albumCard(album)))),
    songs.length > 0 && section("Songs", songList(songs, { label: `Search: ${text}` })));
}
