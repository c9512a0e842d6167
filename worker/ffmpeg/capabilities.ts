import { vmafModel } from "#worker/quality/filters.ts";
import { said } from "./said.ts";
import { parseVersion, type Version } from "./version.ts";

type Kind = "encoder" | "decoder" | "filter" | "demuxer";

/**
 * What an ffmpeg may have. An encoder's pixel format is named after it: `encoder:libx265:yuv420p10le`; so is the model by
 * which a filter scores: `filter:libvmaf:vmaf_v0.6.1`.
 */
export type CapabilityName = `${Kind}:${string}`;

/** What this machine's ffmpeg can. */
export type Capabilities = ReturnType<typeof capabilitiesOf>;

/**
 * Asks ffmpeg and ffprobe on PATH what they are, once what goes before is done. `usable` resolves as soon as they are known
 * to be new enough, `capabilities` when all that they can is known; both reject with the same `Fault`.
 */
export function probeCapabilities(before: Promise<unknown> = Promise.resolve()) {
  // Each call may load hundreds of libraries: two at a time, which take as long as one where there are two cores.
  const first = before.then(() => Promise.all([said("ffmpeg", "-codecs"), said("ffprobe", "-version")]));
  const usable = first.then(([ffmpeg, ffprobe]) => {
    parseVersion("ffprobe", ffprobe);
    return parseVersion("ffmpeg", ffmpeg);
  });
  const lists = async () => {
    const version = await usable;
    const [codecs] = await first;
    const [filters, demuxers] = await Promise.all([said("ffmpeg", "-filters"), said("ffmpeg", "-demuxers")]);
    const named = listed("filter", filters);
    const [x265, models] = await Promise.all([
      said("ffmpeg", "-h", "encoder=libx265"),
      named.includes("filter:libvmaf") ? vmafModels() : [],
    ]);
    return capabilitiesOf(version, [
      ...codersIn(codecs),
      ...named,
      ...models,
      ...listed("demuxer", demuxers),
      ...pixelFormats("libx265", x265),
    ]);
  };
  const capabilities = lists();
  // Who needs them hears of it when they are awaited.
  for (const promise of [usable, capabilities]) promise.catch(() => {});
  return { usable, capabilities };
}

/** The version of the program on PATH; a `Fault` if it is too old or does not start. */
export const askVersion = async (program: "ffmpeg" | "ffprobe"): Promise<Version> =>
  parseVersion(program, await said(program, "-version"));

export function capabilitiesOf(version: Version, names: Iterable<CapabilityName>) {
  const all: ReadonlySet<string> = new Set(names);
  return {
    /** What ffmpeg says of itself. */
    version,
    /** Whether it is of this release or a later one. */
    isAtLeast: (major: number, minor = 0) =>
      version.major > major || (version.major === major && version.minor >= minor),
    /** Whether it can do what is named. */
    has: (name: CapabilityName) => all.has(name),
  };
}

/** An ffmpeg of the oldest version that lacks nothing, for plans that are not to be run. */
export const anyCapabilities: Capabilities = {
  ...capabilitiesOf({ text: "5.1", major: 5, minor: 1 }, []),
  has: () => true,
};

/**
 * The encoders and decoders in what `ffmpeg -codecs` prints: each codec, with those behind it that have other names. It
 * takes one process, where `-encoders` and `-decoders` take two.
 */
export const codersIn = (list: string): CapabilityName[] =>
  [...list.matchAll(/^ ([D.])([E.])[A-Z.]{4} ([^\s=]+)(.*)$/gm)].flatMap(
    ([, decodes, encodes, codec = "", words = ""]) => {
      const named = (kind: Kind): CapabilityName[] => {
        const others = new RegExp(`\\(${kind}s: ([^)]+?) ?\\)`).exec(words)?.[1];
        return (others?.split(" ") ?? [codec]).map((name): CapabilityName => `${kind}:${name}`);
      };
      return [...(decodes === "D" ? named("decoder") : []), ...(encodes === "E" ? named("encoder") : [])];
    },
  );

/** The names in what `ffmpeg -filters` and `-demuxers` print: lines of flags, a name and words, below a legend. */
export const listed = (kind: Kind, list: string): CapabilityName[] =>
  [...list.matchAll(/^ +([A-Z.|]+) +(?:d +)?(\S+) +\S/gm)].flatMap(([, flags = "", names = ""]) =>
    names === "=" || (kind === "demuxer" && !flags.startsWith("D"))
      ? []
      : names.split(",").map((name): CapabilityName => `${kind}:${name}`),
  );

const pixelFormats = (encoder: string, help: string): CapabilityName[] =>
  (/Supported pixel formats: (.*)/.exec(help)?.[1] ?? "")
    .split(" ")
    .filter(Boolean)
    .map((format): CapabilityName => `encoder:${encoder}:${format}`);

/** The model of VMAF that is used, if it is built in: some builds have none, and some look for it on the disk. */
async function vmafModels(): Promise<CapabilityName[]> {
  const picture = ["-f", "lavfi", "-i", "testsrc2=size=64x64:rate=1:duration=1"];
  const scored = ["-filter_complex", `[0][1]libvmaf=model=version=${vmafModel}`, "-f", "null", "-"];
  return said("ffmpeg", "-nostdin", ...picture, ...picture, ...scored).then(
    () => [`filter:libvmaf:${vmafModel}`],
    () => [],
  );
}
