import { get } from "./api.js";
import { albumCard, albumName, shelf } from "./cards.js";
import { cover } from "./cover.js";
import { button, counted, h, iconButton, lasting } from "./dom.js";
import { link } from "./links.js";
import { attempt, later, openMenu } from "./notice.js";
import { queue } from "./queue.js";
import { savePlaylist } from "./save.js";
import { block, songList } from "./song-row.js";

/** An album: its songs, and albums that sound like it. */
export async function view({ argument, signal }) {
  const similar = later(get(["albums", argument, "similar"], { count: 12 }, signal),
    (albums) => shelf(albums.filter((one) => one.id).map((one) => albumCard(one, { similarity: one.similarity }))), "cards");
  const { album, songs } = await get(["albums", argument], {}, signal);
  await similar.soon;
  const name = albumName(album);
  // Where some tracks have a number and others none, none is made up.
  const numbered = songs.some((song) => song.track);
  const discs = new Set(songs.map((song) => song.disc ?? 1)).size > 1;
  return h("div", { class: "view", data: { title: [name, album.artist].filter(Boolean).join(" – ") } },
    h("header", { class: "head" }, cover(album.coverSong, album.name, 240), h("div", { class: "head-text" },
      h("h1", {}, name),
      h("p", { class: "head-by" }, album.artistId ? h("a", { href: link.artist(album.artistId) }, album.artist) : h("span", { class: "quiet" }, album.artist ?? "Several artists")),
      h("p", { class: "quiet number" }, [album.year, counted(album.songs, "song"), lasting(album.duration)].filter(Boolean).join(" · ")),
      h("div", { class: "chips" }, album.genres.slice(0, 6).map((genre) => h("a", { class: "chip", href: link.genre(genre) }, genre))),
      h("div", { class: "actions" },
        button("Play", () => queue.play(songs, 0, name), { symbol: "play", kind: "primary" }),
        button("Endless queue", () => attempt(() => queue.endless([{ album: album.id }], `Endless, from ${name}`)), { symbol: "endless" }),
        iconButton("dots", "More", (event) => openMenu(event.currentTarget, [
          { label: "Add to queue", symbol: "plus", run: () => queue.add(songs) },
          { label: "Playlist from this", symbol: "playlist", href: link.playlist({ like: `album:${album.id}` }) },
          { label: "Save as M3U8", symbol: "save", run: () => savePlaylist(songs, name) },
          { label: "Never recommend this album", symbol: "block", run: () => block({ album: album.name }, name) },
        ]), { "aria-haspopup": "menu" })))),
    h("section", { class: "section" }, songList(songs, { label: name, plain: true, leading: (song, index) => (discs ? `${song.disc ?? 1}.${song.track ?? "–"}` : song.track ?? (numbered ? "–" : index + 1)) })),
    h("section", { class: "section" }, h("h2", {}, "Albums that sound like it"), similar.place));
}
