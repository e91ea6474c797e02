// The addresses of the page's places, behind the "#": so they work wherever the page lies.

function place(parts, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value].flat()) if (one !== undefined && one !== null && one !== "") query.append(name, one);
  }
  const text = query.toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

export const link = {
  map: (parameters) => place([], parameters),
  search: (q) => place(["search"], { q }),
  song: (id) => place(["song", id]),
  album: (id) => place(["album", id]),
  artist: (id) => place(["artist", id]),
  genre: (name) => place(["genre", name]),
  albums: (parameters) => place(["albums"], parameters),
  artists: () => place(["artists"]),
  genres: () => place(["genres"]),
  playlist: (parameters) => place(["playlist"], parameters),
  duplicates: () => place(["duplicates"]),
  quality: () => place(["quality"]),
  ear: () => place(["ear"]),
  library: () => place(["library"]),
};

/** Names in the address what the open place shows now, without a step of its own. */
export function replacePlace(hash) {
  history.replaceState(history.state, "", hash);
  dispatchEvent(new Event("placereplaced"));
}

/** The place that an address names: its parts, and its parameters. */
export function placeOf(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const parts = path.split("/").filter(Boolean).map((part) => {
    try { return decodeURIComponent(part); } catch { return part; }
  });
  return { name: parts[0] ?? "map", argument: parts[1], parameters: new URLSearchParams(query) };
}
