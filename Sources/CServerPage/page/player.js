// Plays songs, one after the other without a gap: while one plays, a second element has the next ready.

import { address, problem } from "./api.js";

/** Whether the browser plays a type of file itself. */
const playable = new Map();
function plays(type) {
  if (!playable.has(type)) playable.set(type, document.createElement("audio").canPlayType(type) !== "");
  return playable.get(type);
}

/** What plays in one tab is silent in the others. */
const tabs = new BroadcastChannel(`akin.playing ${new URL(".", document.baseURI).pathname}`);

/** An audio element and the song in it. */
export class Deck {
  constructor(player) {
    this.audio = new Audio();
    this.audio.preload = "auto";
    this.song = undefined;
    /** Where the stream begins in the song, in seconds: not 0 if the server made it. */
    this.start = 0;
    for (const kind of ["timeupdate", "play", "pause", "ended", "error", "durationchange", "waiting", "playing"]) {
      this.audio.addEventListener(kind, () => player.heard(kind, this));
    }
    this.audio.addEventListener("play", () => tabs.postMessage("playing"));
  }

  /** Whether the server makes the stream, which cannot be sought in. */
  get made() { return this.song.isPart || !plays(this.song.type); }

  load(song, start = 0) {
    this.song = song;
    this.start = this.made ? start : 0;
    const format = plays("audio/ogg; codecs=opus") ? "opus" : "mp3";
    this.audio.src = address(["songs", song.id, "stream"], this.made ? { format, start: start || undefined } : {});
    if (!this.made && start) this.audio.currentTime = start;
  }

  unload() {
    this.song = undefined;
    this.audio.removeAttribute("src");
    this.audio.load();
  }

  get position() { return this.start + this.audio.currentTime; }
  get duration() {
    if (!this.song) return 0;
    return this.made || !Number.isFinite(this.audio.duration) ? this.song.duration ?? 0 : this.audio.duration;
  }
}

/**
 * Tells "change" (what plays, and whether), "time", "ended" (the next has begun already, if there was one), and "failed"
 * with the reason; "elsewhere" when another tab begins to play.
 */
export class Player extends EventTarget {
  #decks = [new Deck(this), new Deck(this)];
  #handover;
  /** The song that comes next, or undefined. */
  upNext = () => undefined;

  constructor() {
    super();
    this.volume = Number(localStorage.getItem("akin.volume") ?? 1);
    tabs.addEventListener("message", () => { this.pause(); this.#tell("elsewhere"); });
  }

  get #deck() { return this.#decks[0]; }
  get song() { return this.#deck.song; }
  get playing() { return !this.#deck.audio.paused; }
  get position() { return this.song ? this.#deck.position : 0; }
  get duration() { return this.#deck.duration; }
  get volume() { return this.#deck.audio.volume; }
  set volume(value) {
    const volume = Math.min(1, Math.max(0, value));
    for (const deck of this.#decks) deck.audio.volume = volume;
    localStorage.setItem("akin.volume", volume);
    this.#tell("change");
  }

  #tell(kind, detail) { this.dispatchEvent(new CustomEvent(kind, { detail })); }

  /** Plays a song from its beginning. */
  play(song) {
    clearTimeout(this.#handover);
    if (this.#decks[1].song?.id === song.id) {
      this.#swap();
    } else {
      this.#deck.load(song);
      this.#start();
    }
    this.#tell("change");
  }

  /** Shows a song without playing it. */
  prepare(song) {
    this.#deck.load(song);
    this.#tell("change");
  }

  toggle() {
    if (!this.song) return;
    if (this.playing) this.#deck.audio.pause();
    else this.#start();
  }

  pause() {
    clearTimeout(this.#handover);
    this.#deck.audio.pause();
  }

  seek(seconds) {
    if (!this.song) return;
    clearTimeout(this.#handover);
    const place = Math.min(Math.max(0, seconds), Math.max(0, this.duration - 0.2));
    if (this.#deck.made) {
      const was = this.playing;
      this.#deck.load(this.song, place);
      if (was) this.#start();
    } else {
      this.#deck.audio.currentTime = place;
    }
    this.#tell("time");
  }

  #start() {
    this.#deck.audio.play().catch((error) => {
      // What cannot be played tells so through the element; this is a browser that waits for a click.
      if (error.name === "NotAllowedError") this.#tell("change");
    });
  }

  #swap() {
    this.#deck.audio.pause();
    this.#decks.reverse();
    this.#decks[1].unload();
    this.#start();
  }

  /** What an element tells. */
  heard(kind, deck) {
    if (deck !== this.#deck || !deck.song) return;
    if (kind === "timeupdate") {
      this.#prepareNext();
      this.#tell("time");
    } else if (kind === "ended") {
      this.#finish();
    } else if (kind === "error") {
      this.#fail();
    } else {
      this.#tell("change");
    }
  }

  #prepareNext() {
    const left = this.duration - this.position;
    const next = this.upNext();
    if (left < 25 && next && this.#decks[1].song?.id !== next.id) this.#decks[1].load(next);
    clearTimeout(this.#handover);
    // Beginning the next takes a moment: a little before this one ends.
    if (left < 0.6 && this.playing && next && this.#decks[1].audio.readyState >= 3) {
      this.#handover = setTimeout(() => this.#finish(), Math.max(0, left * 1000 - 20));
    }
  }

  #finish() {
    clearTimeout(this.#handover);
    const ended = this.song;
    this.#tell("ended", ended);
  }

  async #fail() {
    const { song } = this;
    let reason = this.#deck.audio.error?.message || "the browser cannot play it";
    try {
      const answer = await fetch(this.#deck.audio.src, { headers: { Range: "bytes=0-0" } });
      if (!answer.ok) reason = (await problem(answer)).message;
    } catch {
      reason = "Akin does not answer. Is “akin serve” still running?";
    }
    this.#tell("failed", { song, reason });
  }
}

export const player = new Player();
