import {
  boxesAt,
  flagsOf,
  signed64At,
  signedAt,
  textAt,
  unsigned64At,
  unsignedAt,
  versionOf,
  viewOf,
} from "#worker/mp4/boxes.ts";

/** A track as an init segment describes it. */
export type InitTrack = {
  /** The track ID that fragments refer to. */
  id: number;
  /** By its handler. */
  kind: "video" | "audio" | "other";
  /** Ticks a second. */
  timescale: number;
  /** The edit list in seconds; `mediaTime` is undefined for an empty edit. */
  edits: readonly { seconds: number; mediaTime: number | undefined }[];
  /** Of a sample that does not say its own, in ticks; 0 where nothing is said. */
  defaultDuration: number;
};

/** The samples of one track in one fragment, in ticks of that track. */
export type Fragment = { trackId: number; decodeTime: number; samples: readonly Sample[] };
type Sample = { duration: number; compositionOffset: number };

export function initTracks(init: Uint8Array): InitTrack[] {
  const moov = boxesAt(viewOf(init), "moov")[0];
  if (!moov) return [];
  const movieScale = boxesAt(moov, "mvhd").map(timescaleOf)[0] ?? 1;
  const durations = new Map(boxesAt(moov, "mvex/trex").map((trex) => [unsignedAt(trex, 4), unsignedAt(trex, 12)]));
  return boxesAt(moov, "trak").map((trak) => {
    const id = boxesAt(trak, "tkhd").map((tkhd) => unsignedAt(tkhd, versionOf(tkhd) === 1 ? 20 : 12))[0] ?? 0;
    const timescale = boxesAt(trak, "mdia/mdhd").map(timescaleOf)[0] ?? 1;
    const handler = boxesAt(trak, "mdia/hdlr").map((hdlr) => textAt(hdlr, 8))[0] ?? "";
    return {
      id,
      kind: kinds[handler] ?? "other",
      timescale,
      edits: boxesAt(trak, "edts/elst").flatMap((elst) => editsOf(elst, movieScale, timescale)),
      defaultDuration: durations.get(id) ?? 0,
    };
  });
}

const kinds: Partial<Record<string, InitTrack["kind"]>> = { vide: "video", soun: "audio" };

const timescaleOf = (header: DataView) => unsignedAt(header, versionOf(header) === 1 ? 20 : 12) || 1;

function editsOf(elst: DataView, movieScale: number, timescale: number): InitTrack["edits"] {
  const isLong = versionOf(elst) === 1;
  const size = isLong ? 20 : 12;
  return Array.from({ length: countOf(elst, 8, size) }, (_, index) => {
    const at = 8 + index * size;
    const duration = isLong ? unsigned64At(elst, at) : unsignedAt(elst, at);
    const mediaTime = isLong ? signed64At(elst, at + 8) : signedAt(elst, at + 4);
    return { seconds: duration / movieScale, mediaTime: mediaTime < 0 ? undefined : mediaTime / timescale };
  });
}

/** How many entries a box has, never more than fit into it; those without a size are as many as a segment may need. */
const countOf = (body: DataView, first: number, size: number) =>
  Math.min(unsignedAt(body, 4), size === 0 ? 10_000 : Math.max(0, Math.floor((body.byteLength - first) / size)));

/** The fragments of a media segment, in their order. */
export function fragmentsIn(segment: Uint8Array, tracks: readonly InitTrack[]): Fragment[] {
  return boxesAt(viewOf(segment), "moof/traf").flatMap((traf) => {
    const [tfhd] = boxesAt(traf, "tfhd");
    const [tfdt] = boxesAt(traf, "tfdt");
    if (!tfhd || !tfdt) return [];
    const trackId = unsignedAt(tfhd, 4);
    const known = tracks.find(({ id }) => id === trackId);
    const duration = defaultDurationIn(tfhd) ?? known?.defaultDuration ?? 0;
    const decodeTime = versionOf(tfdt) === 1 ? unsigned64At(tfdt, 4) : unsignedAt(tfdt, 4);
    return [{ trackId, decodeTime, samples: boxesAt(traf, "trun").flatMap((trun) => samplesOf(trun, duration)) }];
  });
}

function defaultDurationIn(tfhd: DataView) {
  const flags = flagsOf(tfhd);
  if ((flags & 0x8) === 0) return undefined;
  return unsignedAt(tfhd, 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0));
}

function samplesOf(trun: DataView, defaultDuration: number): Sample[] {
  const flags = flagsOf(trun);
  const has = (flag: number) => (flags & flag) !== 0;
  const fields = [0x100, 0x200, 0x400, 0x800].filter(has);
  const first = 8 + (has(0x1) ? 4 : 0) + (has(0x4) ? 4 : 0);
  return Array.from({ length: countOf(trun, first, fields.length * 4) }, (_, index) => {
    const at = (flag: number) => first + (index * fields.length + fields.indexOf(flag)) * 4;
    const signed = () => (versionOf(trun) === 0 ? unsignedAt(trun, at(0x800)) : signedAt(trun, at(0x800)));
    return {
      duration: has(0x100) ? unsignedAt(trun, at(0x100)) : defaultDuration,
      compositionOffset: has(0x800) ? signed() : 0,
    };
  });
}
