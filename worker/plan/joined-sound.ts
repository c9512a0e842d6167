import { join } from "node:path";
import type { Joined, JoinedPart, Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream } from "#worker/ffmpeg/streams.ts";
import { steadyInput, steadySounds } from "./changing-sound.ts";
import { clipSound } from "./clip.ts";
import { beforeInputs, inputOf, nothingElse } from "./input.ts";
import { readsPictures } from "./joined-clock.ts";
import type { SoundSettings } from "./kept-sound.ts";
import { mixdown, steady } from "./sound.ts";

type Given = { probe: Probe; joined: Joined; outputDir: string };

/**
 * The sounds of joined sources are first written, each into a file of its own: as many samples as its pictures last, and
 * without headers, so that they can be read as one behind the inputs of the pictures.
 */
export function joinedSounds(
  { channels: wanted }: Pick<SoundSettings, "channels">,
  { channels = wanted }: AudioStream,
  { probe, joined: { parts }, outputDir }: Given,
) {
  const sources = parts.map((part, at) => sourceOf(part, { at, channels, outputDir }));
  const names = parts.map((_, at) => `joined_${at}.pcm`);
  const inputs = sources.filter(({ input }) => input.length > 0);
  const write = [
    ...[...beforeInputs(probe), ...inputs.flatMap(({ input }) => input)],
    ...sources.flatMap((source, at) => [
      ...[...source.mapped(inputs.indexOf(source)), "-c:a", "pcm_s16le", "-f", "s16le"],
      join(outputDir, names[at] ?? ""),
    ]),
    ...sources.flatMap((source) => source.beside(inputs.indexOf(source))),
  ];
  return {
    preparation: {
      steps: [...sources.flatMap(({ before }) => (before ? [before] : [])), write],
      names: [...names, ...sources.flatMap(({ name }) => name ?? [])],
    },
    args: [
      ...["-protocol_whitelist", "file,concat", "-format_whitelist", "s16le", "-f", "s16le", "-ar", "48000"],
      ...["-ac", String(channels), "-i", `concat:${names.map((name) => join(outputDir, name)).join("|")}`],
    ],
    from: () => `${parts.length}:0`,
  };
}

type Source = {
  /** An input, and what must be done before it is there. */
  input: readonly string[];
  before?: readonly string[];
  name?: string;
  /** The sound, and what is done to it, where that input has this number. */
  mapped(input: number): string[];
  /** What is read besides, and thrown away. */
  beside(input: number): string[];
};

function sourceOf(
  part: JoinedPart,
  { at, channels, outputDir }: { at: number; channels: number; outputDir: string },
): Source {
  const { input, probe, audio, samples } = part;
  const layout = channels === 1 ? "mono" : "stereo";
  if (!audio) {
    const silence = `anullsrc=r=48000:cl=${layout},atrim=end_sample=${samples}[silence${at}]`;
    return { input: [], mapped: () => ["-filter_complex", silence, "-map", `[silence${at}]`], beside: () => [] };
  }
  const shaped = [steady(0), ...spread(audio, channels), `apad=whole_len=${samples}`, `atrim=end_sample=${samples}`];
  if (audio.isChanging) {
    const name = `changing_${at}.mka`;
    const sound = { track: audio, path: join(outputDir, name) };
    return {
      ...{ name, before: steadySounds({ channels }, [sound], { probe, input }), input: steadyInput(sound) },
      mapped: (number) => ["-map", `${number}:0`, "-filter:a", shaped.join(",")],
      beside: () => [],
    };
  }
  const filters = [...clipSound(audio), ...mixdown({ channels }, audio), ...shaped];
  return {
    input: inputOf(input, probe, audio),
    mapped: (number) => ["-map", `${number}:${audio.index}`, "-filter:a", filters.join(",")],
    beside: (number) => (readsPictures(part) ? besidePictures(part, number) : []),
  };
}

/** What is mono is heard from both sides as loud as it is. */
const spread = ({ channels, isChanging }: AudioStream, wanted: number): string[] =>
  wanted === 2 && channels === 1 && !isChanging ? ["pan=stereo|c0=c0|c1=c0"] : [];

/** The pictures that are read with a sound, because its zero depends on them. */
const besidePictures = ({ video, startSeconds, endSeconds }: JoinedPart, input: number): string[] => [
  ...["-map", `${input}:${video?.index ?? 0}`, "-c", "copy", ...nothingElse],
  ...["-t", ((endSeconds - startSeconds) * 1.05 + 5).toFixed(3), "-f", "null", "-"],
];
