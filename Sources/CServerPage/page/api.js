// The server, below wherever the page lies.

const root = new URL("api/v1/", document.baseURI);

/** What the server says is wrong: its `detail`, to be shown. */
export class Problem extends Error {
  constructor(detail, status) {
    super(detail);
    this.status = status;
  }
}

/** The address of a path of the API, its parts escaped: `address("songs", 12, "cover")`. */
export function address(parts, parameters = {}) {
  const url = new URL([parts].flat().map(encodeURIComponent).join("/"), root);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== "") url.searchParams.set(name, value);
  }
  return url.href;
}

async function ask(method, parts, { parameters, body, signal } = {}) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  let answer;
  try {
    answer = await fetch(address(parts, parameters), { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("Akin does not answer. Is “akin serve” still running?", 0);
  }
  // The session has ended.
  if (answer.status === 401) location.replace("login.html" + location.hash);
  if (!answer.ok) throw await problem(answer);
  return answer;
}

/** The problem that an answer tells of. */
export async function problem(answer) {
  const text = await answer.text();
  let detail = `${answer.status} ${answer.statusText}`;
  try {
    detail = JSON.parse(text).detail ?? detail;
  } catch {
    // Not from Akin, but from something between: its status says more than its page.
  }
  return new Problem(detail.charAt(0).toUpperCase() + detail.slice(1), answer.status);
}

export const get = async (parts, parameters, signal) => (await ask("GET", parts, { parameters, signal })).json();

export async function post(parts, body, { parameters, signal } = {}) {
  const answer = await ask("POST", parts, { body, parameters, signal });
  return answer.status === 204 ? undefined : answer.json();
}

export const remove = (parts, body) => ask("DELETE", parts, { body });

/** Asks until what is made on the server is made; `progress` is told how far it is. */
export async function getWhenMade(parts, signal, progress) {
  for (let wait = 150; ; wait = Math.min(wait * 1.5, 2000)) {
    const answer = await ask("GET", parts, { signal });
    const value = await answer.json();
    if (answer.status !== 202) return value;
    progress(value.share);
    await new Promise((resolve) => setTimeout(resolve, wait));
    signal?.throwIfAborted();
  }
}

/** What happens in the library: "library" when it changed, "indexing" while it listens. */
export const happenings = new EventTarget();

export function listenToServer() {
  let source = open();
  // A browser has few connections to a server: pages that nobody sees let theirs go.
  document.addEventListener("visibilitychange", () => {
    source.close();
    if (!document.hidden) source = open();
  });
}

let version;

function open() {
  const source = new EventSource(address(["events", "stream"]));
  const pass = (kind, detail) => happenings.dispatchEvent(new CustomEvent(kind, { detail }));
  source.addEventListener("indexing", (event) => pass("indexing", JSON.parse(event.data)));
  source.addEventListener("library", (event) => {
    // The first tells which state it is, and so does the first after a break.
    const was = version;
    ({ version } = JSON.parse(event.data));
    if (was !== undefined && was !== version) pass("library", { version });
  });
  return source;
}
