/** How many packets were read of each stream of an input, by its index, and how many frames were decoded of them. */
type Reads = ReadonlyMap<number, { packets: number; frames: number }>;

/** What ffmpeg says of an encode when it is done, at `-v level+verbose` (the same from 5.1 to 9). */
export type EncodeReport = {
  /** By the index of the stream in the first input. */
  read: Reads;
  /** The same of all inputs, by their numbers. */
  inputs?: ReadonlyMap<number, Reads>;
  /** Of the last run of what came before the encode: its inputs, and how often a decoder or demuxer complained. */
  prepared?: { inputs: ReadonlyMap<number, Reads>; errors: number };
  /** The streams of the outputs, in their order. */
  written: readonly Written[];
  /** When the last picture of the source is shown in the output, in seconds; undefined where the rate varies. */
  steadySeconds?: number | undefined;
  /** Of the sources of a joined film, by their numbers: when the last picture of each is shown, in seconds of its own. */
  partSeconds?: ReadonlyMap<number, number>;
  /** When the picture that was chosen as a poster is shown in the source, in seconds. */
  posterSeconds?: number | undefined;
  /** The highest peak of what was mixed down from more channels, in dB of full scale; undefined where nothing was. */
  mixedPeak?: number | undefined;
  /** Pictures that were decoded and are damaged, by the same index. */
  corrupt: ReadonlyMap<number, number>;
  /** How often a decoder or demuxer complained. */
  errors: number;
  /** The versions of libraries that encoded, by their names, as far as they say them. */
  libraries?: Readonly<Record<string, string>>;
  /** What ffmpeg was given, where it is not what the plan says because a first pass completed that. */
  args?: readonly string[];
  /** What the output lacks of the source, where all that was to be measured is known. */
  warnings?: readonly string[];
  /** Where pictures were encoded in pieces before: what ffmpeg was given for each. */
  pieces?: readonly (readonly string[])[];
  /** Where sounds were encoded beside those: what ffmpeg was given for them. */
  soundArgs?: readonly string[];
  /** By their numbers from 0, those pieces that other workers have encoded, and who that was. */
  pieceWorkers?: ReadonlyMap<number, string>;
  /** Where they were: how many workers encoded any of them. */
  workers?: number;
};

export type Written = {
  /** The number of the output file, from 0. */
  output: number;
  /** What kind of stream it is. */
  kind: "video" | "audio";
  /** Pictures or frames of sound that were encoded. */
  frames: number;
  /** Samples of sound for each channel; 0 for video. */
  samples: number;
};

const readLine = /Input stream #(\d+):(\d+) \(\w+\): (\d+) packets read .*?; (\d+) frames decoded/;
const writtenLine = /Output stream #(\d+):\d+ \((video|audio)\): (\d+) frames encoded(?: \((\d+) samples\))?;/;
const corruptLine = /corrupt decoded frame(?: in stream (\d+))?/;
const streamName = /\[[va]ist#0:(\d+)/;
// The filters of timing.ts and joined-pictures.ts that make pictures steady.
const rateLine = /^\[fps@(?:steady|part\d+) @ (\w+)\].* fps=(\d+)\/(\d+)$/;
const steadyLine = /^\[fps@(steady|part\d+) @ (\w+)\].* (\d+) frames out;/;
// The filter of poster.ts that the chosen picture passes.
const posterLine = /^\[showinfo@poster @ .* pts_time:(-?[\d.e+]+) /;
// The filter of sound.ts that measures what was mixed down.
const peakLine = /^\[astats@mixed @ .*Peak level dB: (-?[\d.]+)$/;
const errorLine = /\[(error|fatal)\]/;
const libraryLines = [
  ["libavcodec", /^\[info\] +encoder +: Lavc([\d.]+) /],
  ["libx264", /^\[libx264 @ .* 264 - core (\d+(?: r\d+ \w+)?)/],
  ["libx265", /^x265 \[info\]: HEVC encoder version (\S+)/],
  ["libsvtav1", /^Svt\[info\]: SVT \[version\]:\s+SVT-AV1 Encoder Lib v?(\S+)/],
  ["libvpx", /^\[libvpx\S* @ .*\] v(\d\S*)$/],
] as const;

/** Collects a report line by line. */
export function makeReport() {
  const reading = makeReading();
  const preparing = makeReading();
  const partSeconds = new Map<number, number>();
  const written: Written[] = [];
  const corrupt = new Map<number, number>();
  const rates = new Map<string, number>();
  let steadySeconds: number | undefined;
  let posterSeconds: number | undefined;
  let mixedPeak: number | undefined;
  const libraries: Record<string, string> = {};
  const takeLibrary = (line: string) => {
    for (const [name, pattern] of libraryLines) {
      const version = pattern.exec(line)?.[1];
      if (version !== undefined) libraries[name] = version;
    }
  };
  const takeSteady = (line: string) => {
    const [, named = "", over, under] = rateLine.exec(line) ?? [];
    if (over !== undefined) rates.set(named, Number(over) / Number(under));
    const [, name = "", filter = "", frames] = steadyLine.exec(line) ?? [];
    const rate = rates.get(filter);
    if (!rate) return;
    const seconds = Number(frames) / rate;
    if (name === "steady") steadySeconds = Math.max(steadySeconds ?? 0, seconds);
    else partSeconds.set(Number(name.slice("part".length)), seconds);
  };
  const takePeak = (line: string) => {
    const [, peak] = peakLine.exec(line) ?? [];
    if (peak !== undefined) mixedPeak = Math.max(mixedPeak ?? Number.NEGATIVE_INFINITY, Number(peak));
  };
  return {
    /** Takes a line of what runs before the encode. */
    onPreparation(line: string) {
      takePeak(line);
      preparing.onLine(line);
    },
    onLine(line: string) {
      reading.onLine(line);
      written.push(...writtenIn(line));
      takeSteady(line);
      takePeak(line);
      takeLibrary(line);
      const [, poster] = posterLine.exec(line) ?? [];
      if (poster !== undefined) posterSeconds = Number(poster);
      for (const stream of corruptIn(line)) corrupt.set(stream, (corrupt.get(stream) ?? 0) + 1);
    },
    report: (): EncodeReport => ({
      ...{ read: reading.inputs.get(0) ?? new Map(), inputs: reading.inputs },
      ...{ prepared: { inputs: preparing.inputs, errors: preparing.errors() }, partSeconds },
      written,
      steadySeconds,
      posterSeconds,
      mixedPeak,
      corrupt,
      errors: reading.errors(),
      libraries,
    }),
  };
}

/** Collects what was read, and the complaints about it. */
function makeReading() {
  const inputs = new Map<number, Map<number, { packets: number; frames: number }>>();
  let errors = 0;
  return {
    inputs,
    errors: () => errors,
    onLine(line: string) {
      if (errorLine.test(line)) errors += 1;
      const [, input, index, packets, frames] = readLine.exec(line) ?? [];
      if (input === undefined) return;
      const streams = inputs.get(Number(input)) ?? new Map();
      inputs.set(Number(input), streams.set(Number(index), { packets: Number(packets), frames: Number(frames) }));
    },
  };
}

function writtenIn(line: string): Written[] {
  const [, output, kind, frames, samples = "0"] = writtenLine.exec(line) ?? [];
  if (kind !== "video" && kind !== "audio") return [];
  return [{ output: Number(output), kind, frames: Number(frames), samples: Number(samples) }];
}

/** 5.1 names the stream at the end of the line, later ones at its beginning. */
function corruptIn(line: string): number[] {
  const found = corruptLine.exec(line);
  const stream = found?.[1] ?? (found && streamName.exec(line)?.[1]);
  return stream == null ? [] : [Number(stream)];
}
