// Playlists as files.

import { address, problem } from "./api.js";
import { h } from "./dom.js";

/** Saves songs as an M3U8 file, as the server writes it. */
export async function savePlaylist(songs, name) {
  const answer = await fetch(address("playlist.m3u8"), {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ songs: songs.map((song) => song.id) }),
  });
  if (!answer.ok) throw await problem(answer);
  const url = URL.createObjectURL(await answer.blob());
  h("a", { href: url, download: `${name.replace(/[^\p{L}\p{N} ,.()'-]+/gu, " ").trim().slice(0, 80) || "Playlist"}.m3u8` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
