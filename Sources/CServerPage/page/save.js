// Playlists as files.

import { Problem, address, problem } from "./api.js";
import { h } from "./dom.js";

/** Saves songs as an M3U8 file, as the server writes it. */
export async function savePlaylist(songs, name) {
  const answer = await fetch(address("playlist.m3u8"), {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ songs: songs.map((song) => song.id) }),
  });
  let text;
  if (answer.ok) text = await answer.text();
  else if (answer.status === 404) text = written(songs);
  else throw await problem(answer);
  if (!text) throw new Problem("The playlist has no songs.", 0);
  const url = URL.createObjectURL(new Blob([text], { type: "audio/x-mpegurl" }));
  h("a", { href: url, download: `${name.replace(/[^\p{L}\p{N} ,.()'-]+/gu, " ").trim().slice(0, 80) || "Playlist"}.m3u8` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The same by the page, for a server that does not write any. */
function written(songs) {
  const line = (text) => String(text).replace(/[\r\n]+/g, " ");
  return ["#EXTM3U", ...songs.flatMap((song) => [`#EXTINF:${Math.round(song.duration ?? -1)},${line([song.artist, song.title].filter(Boolean).join(" – "))}`, line(song.path)]), ""].join("\n");
}
