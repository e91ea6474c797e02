import { get } from "./api.js";
import { albumCard, artistCard, shelf } from "./cards.js";
import { cover } from "./cover.js";
import { button, counted, h, iconButton } from "./dom.js";
import { link } from "./links.js";
import { attempt, later, openMenu } from "./notice.js";
import { queue } from "./queue.js";
import { block, songList } from "./song-row.js";

const most = 200;

/** An artist: albums, songs, and artists that sound alike. */
export async function view({ argument, signal }) {
  const similar = later(get(["artists", argument, "similar"], { count: 12 }, signal),
    (artists) => shelf(artists.filter((one) => one.id).map((one) => artistCard(one, { similarity: one.similarity }))), "cards");
  const { artist, albums, songs } = await get(["artists", argument], {}, signal);
  await similar.soon;
  const list = h("div", {}, songList(songs.slice(0, most), { label: artist.name }));
  if (songs.length > most) {
    const rest = button(`Show all ${counted(songs.length, "song")}`, () => list.replaceChildren(songList(songs, { label: artist.name })), { kind: "plain" });
    list.append(rest);
  }
  return h("div", { class: "view" },
    h("header", { class: "head round" }, cover(artist.coverSong, artist.name, 200), h("div", { class: "head-text" },
      h("h1", {}, artist.name),
      h("p", { class: "quiet number" }, [counted(artist.albums, "album"), counted(artist.songs, "song")].join(" · ")),
      h("div", { class: "actions" },
        button("Play", () => queue.play(songs, 0, artist.name), { symbol: "play", kind: "primary", disabled: songs.length === 0 }),
        button("Endless queue", () => attempt(() => queue.endless([{ artist: artist.id }], `Endless, from ${artist.name}`)), { symbol: "endless" }),
        iconButton("dots", "More", (event) => openMenu(event.currentTarget, [
          { label: "Add to queue", symbol: "plus", run: () => queue.add(songs) },
          { label: "Playlist from this", symbol: "playlist", href: link.playlist({ like: `artist:${artist.id}` }) },
          { label: "Show on the map", symbol: "map", href: link.map({ artist: artist.name }) },
          { label: "Never recommend this artist", symbol: "block", run: () => block({ artist: artist.name }, artist.name) },
        ]), { "aria-haspopup": "menu" })))),
    h("section", { class: "section" }, h("h2", {}, "Sounds like"), similar.place),
    albums.length > 0 && h("section", { class: "section" }, h("h2", {}, "Albums"), h("div", { class: "grid" }, albums.map((album) => albumCard(album, { byArtist: album.artistId !== artist.id })))),
    songs.length > 0 && h("section", { class: "section" }, h("h2", {}, "Songs"), list));
}
