import { drawsText } from "#worker/burn/draws-text.ts";
import { vmafModel } from "#worker/quality/filters.ts";
import { said } from "./said.ts";
import { parseVersion, type Version } from "./version.ts";

type Kind = "encoder" | "decoder" | "filter";

/**
 * What an ffmpeg may have. An encoder's pixel format is named after it: `encoder:libx265:yuv420p10le`; so is the model by
 * which a filter scores: `filter:libvmaf:vmaf_v0.6.1`.
 */
export type CapabilityName = `${Kind}:${string}`;

/** A filter that draws text, and finds fonts for it. */
export const drawnText: CapabilityName = "filter:ass:text";

/** What this machine's ffmpeg can. */
export type Capabilities = ReturnType<typeof capabilitiesOf>;

/** What is known of an ffmpeg, and when. */
export type AskedFfmpeg = {
  /** Its version, and the encoders and decoders that it has: enough for most jobs. */
  begun: Promise<Capabilities>;
  /** All. To ask for the rest takes several processes more. */
  capabilities: Promise<Capabilities>;
};

/** What `has` throws that was not asked yet. */
class NotAskedYet extends Error {
  override name = "NotAskedYet";
}

/**
 * Asks ffmpeg and ffprobe on PATH what they are, once what goes before is done. `begun` resolves as soon as they are known
 * to be new enough, `capabilities` when all that they can is known; both reject with the same `Fault`.
 */
export function probeCapabilities(before: Promise<unknown> = Promise.resolve()): AskedFfmpeg {
  // Each call may load hundreds of libraries: two at a time, which take as long as one where there are two cores.
  const first = before.then(() => Promise.all([said("ffmpeg", ["-codecs"]), said("ffprobe", ["-version"])]));
  const begin = async () => {
    const [ffmpeg, ffprobe] = await first;
    parseVersion("ffprobe", ffprobe);
    return capabilitiesOf(parseVersion("ffmpeg", ffmpeg), codersIn(ffmpeg), beganWith);
  };
  const begun = begin();
  const finish = async () => {
    const { version, names } = await begun;
    const [filters, x265] = await Promise.all([
      said("ffmpeg", ["-filters"], unhurried),
      said("ffmpeg", ["-h", "encoder=libx265"], unhurried),
    ]);
    const named = listed("filter", filters);
    const [models, isDrawn] = await Promise.all([
      named.includes("filter:libvmaf") ? vmafModels() : [],
      named.includes("filter:ass") && drawsText(unhurried),
    ]);
    const text = isDrawn ? [drawnText] : [];
    return capabilitiesOf(version, [...names, ...named, ...models, ...text, ...pixelFormats("libx265", x265)]);
  };
  const capabilities = finish();
  // Who needs them hears of it when they are awaited.
  for (const promise of [begun, capabilities]) promise.catch(() => {});
  return { begun, capabilities };
}

const beganWith: readonly Kind[] = ["encoder", "decoder"];

// A job that has come meanwhile goes first.
const unhurried = { isUnhurried: true };

/** Decides by what is known of an ffmpeg at once; by all, which is waited for, only where that is not enough. */
export async function knowingEnough<T>(asked: AskedFfmpeg, decide: (ffmpeg: Capabilities) => T): Promise<T> {
  const ffmpeg = await asked.begun;
  try {
    return decide(ffmpeg);
  } catch (error) {
    if (!(error instanceof NotAskedYet)) throw error;
    return decide(await asked.capabilities);
  }
}

/** The version of the program on PATH; a `Fault` if it is too old or does not start. */
export const askVersion = async (program: "ffmpeg" | "ffprobe"): Promise<Version> =>
  parseVersion(program, await said(program, ["-version"]));

/** `asked`: the kinds of which the names are known, encoders without their pixel formats. Default: everything is. */
export function capabilitiesOf(version: Version, names: Iterable<CapabilityName>, asked?: readonly Kind[]) {
  const all: ReadonlySet<CapabilityName> = new Set(names);
  const isAsked = (name: CapabilityName) => {
    const [kind, , more] = name.split(":");
    return !asked || (asked.some((one) => one === kind) && more === undefined);
  };
  return {
    /** What ffmpeg says of itself. */
    version,
    /** Whether it is of this release or a later one. */
    isAtLeast: (major: number, minor = 0) =>
      version.major > major || (version.major === major && version.minor >= minor),
    /** All that it is known to have. */
    names: all,
    /** Whether it can do what is named. Throws `NotAskedYet` where `knowingEnough` has to wait for that. */
    has(name: CapabilityName) {
      if (!isAsked(name)) throw new NotAskedYet(name);
      return all.has(name);
    },
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

/** The names in what `ffmpeg -filters` prints, `-encoders` and `-decoders` too: lines of flags, a name and words, below a legend. */
export const listed = (kind: Kind, list: string): CapabilityName[] =>
  [...list.matchAll(/^ +[A-Z.|]+ +(\S+) +\S/gm)].flatMap(([, name = ""]): CapabilityName[] =>
    name === "=" ? [] : [`${kind}:${name}`],
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
  return said("ffmpeg", ["-nostdin", ...picture, ...picture, ...scored], unhurried).then(
    () => [`filter:libvmaf:${vmafModel}`],
    () => [],
  );
}
