/** What an animated picture says of how it plays. */
export type Animation = {
  /** Of the whole picture, in pixels. */
  width: number;
  /** Like the width. */
  height: number;
  /** How many pictures it has. */
  frames: number;
  /** How long it takes to play all of them once, in seconds. */
  seconds: number;
  /** How many times it plays before its last picture stands; undefined: it goes on for ever. */
  plays?: number;
};

/** As browsers do, and ffmpeg: what is shown for less than a moment is shown for a tenth of a second. */
const usualSeconds = 0.1;

/** What the bytes of an animated GIF, PNG or WebP say of it; undefined for a picture that stands. */
export function animationIn(bytes: Uint8Array): Animation | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = file.toString("latin1", 0, 4);
  const found = kind === "GIF8" ? inGif(file) : kind === "\x89PNG" ? inPng(file) : kind === "RIFF" && inWebp(file);
  if (!found || found.delays.length === 0) return undefined;
  const { delays, plays, ...size } = found;
  const seconds = delays.reduce((sum, delay) => sum + delay, 0);
  return { ...size, frames: delays.length, seconds, ...(plays > 0 && { plays }) };
}

type Played = {
  /** Of the whole picture, in pixels. */
  width: number;
  /** Like the width. */
  height: number;
  /** How long each picture is shown, in seconds. */
  delays: number[];
  /** How many times all of them are shown; 0: for ever. */
  plays: number;
};

/** A GIF (GIF89a, 18 to 26), and the extension by which Netscape said how often it is repeated. */
function inGif(file: Buffer): Played | undefined {
  if (file.length < 13) return undefined;
  const played: Played = { width: file.readUInt16LE(6), height: file.readUInt16LE(8), delays: [], plays: 1 };
  let delay = 0;
  for (const { kind, at } of gifBlocks(file)) {
    if (kind === "control") delay = file.readUInt16LE(at + 4) / 100;
    if (kind === "application") played.plays = repeats(file.subarray(at + 3)) ?? played.plays;
    if (kind !== "image") continue;
    played.delays.push(delay < 0.02 ? usualSeconds : delay);
    delay = 0;
  }
  return played.delays.length > 1 ? played : undefined;
}

type GifBlock = { kind: "image" | "control" | "application" | "other"; at: number };

const extensions = new Map<number, GifBlock["kind"]>([
  [0xf9, "control"],
  [0xff, "application"],
]);

function* gifBlocks(file: Buffer): Generator<GifBlock> {
  let at = 13 + colourTable(file[10]);
  while (at + 10 < file.length) {
    const [introducer, label = 0] = file.subarray(at, at + 2);
    if (introducer !== 0x21 && introducer !== 0x2c) return;
    const isImage = introducer === 0x2c;
    yield { kind: isImage ? "image" : (extensions.get(label) ?? "other"), at };
    at = behindBlocks(file, isImage ? at + 11 + colourTable(file[at + 9]) : at + 2);
  }
}

const colourTable = (flags = 0) => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));

function repeats(block: Buffer): number | undefined {
  const name = block.toString("latin1", 0, 11);
  if (!/^(NETSCAPE2\.0|ANIMEXTS1\.0)$/.test(name) || block[12] !== 1 || block.length < 15) return undefined;
  const times = block.readUInt16LE(13);
  // It counts how often all is shown again.
  return times === 0 ? 0 : times + 1;
}

function behindBlocks(file: Buffer, from: number): number {
  let at = from;
  while ((file[at] ?? 0) > 0) at += 1 + (file[at] ?? 0);
  return at + 1;
}

/** Chunks of an animated PNG (PNG, third edition, 11.3.6). */
function inPng(file: Buffer): Played | undefined {
  if (file.length < 24) return undefined;
  const played: Played = { width: file.readUInt32BE(16), height: file.readUInt32BE(20), delays: [], plays: 0 };
  let isAnimated = false;
  for (let at = 8; at + 12 <= file.length; at += 12 + file.readUInt32BE(at)) {
    const type = file.toString("latin1", at + 4, at + 8);
    if (type === "acTL" && at + 16 <= file.length) {
      isAnimated = true;
      played.plays = file.readUInt32BE(at + 12);
    }
    if (type === "fcTL" && at + 32 <= file.length) {
      const delay = file.readUInt16BE(at + 28) / (file.readUInt16BE(at + 30) || 100);
      played.delays.push(delay || usualSeconds);
    }
  }
  return isAnimated && played.delays.length > 1 ? played : undefined;
}

/** Chunks of an animated WebP (RFC 9649, 2.7). */
function inWebp(file: Buffer): Played | undefined {
  const played: Played = { width: 0, height: 0, delays: [], plays: 0 };
  for (let at = 12; at + 24 <= file.length; ) {
    const type = file.toString("latin1", at, at + 4);
    if (type === "VP8X") {
      played.width = 1 + file.readUIntLE(at + 12, 3);
      played.height = 1 + file.readUIntLE(at + 15, 3);
    }
    if (type === "ANIM") played.plays = file.readUInt16LE(at + 12);
    if (type === "ANMF") {
      const delay = file.readUIntLE(at + 20, 3) / 1_000;
      played.delays.push(delay < 0.01 ? usualSeconds : delay);
    }
    const size = file.readUInt32LE(at + 4);
    at += 8 + size + (size % 2);
  }
  return played;
}
