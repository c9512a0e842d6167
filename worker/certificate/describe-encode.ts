import { createHash } from "node:crypto";
import { dirname } from "node:path";
import type { Resource } from "#shared/certificate/statement.ts";
import { redactedUrl } from "#shared/job/order.ts";
import { version } from "#shared/version.ts";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Version } from "#worker/ffmpeg/version.ts";
import { encodersIn } from "#worker/plan/needs.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { Preset } from "#worker/presets/schema.ts";
import type { Source } from "#worker/source/source.ts";
import type { SourceHash } from "#worker/source/source-hash.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { Made } from "./made.ts";

/** What an encode was done with. */
type Encode = {
  preset: Preset;
  plan: Plan;
  report: Pick<EncodeReport, "libraries" | "args" | "pieces" | "soundArgs" | "pieceWorkers">;
  /** Of ffmpeg. */
  version: Version;
};

export type EncodeDescription = { made(encode: Encode): Promise<Made> };

/** A source that lies on the disk, and where it was. */
export type DescribedSource = Source & { url: string };

/** Describes an encode for a certificate. The sources are hashed beside it. */
export function describeEncode(
  sources: readonly DescribedSource[],
  hashes: readonly SourceHash[],
  startedOn: string,
): EncodeDescription {
  const paths = sources.map(({ path }) => path);
  const hashing = Promise.all(hashes.map((hash) => hash()));
  // Who asks for it may be gone by then.
  hashing.catch(() => {});
  return {
    async made({ preset, plan, report, version: ffmpeg }) {
      const { libraries = {}, args = plan.args, pieces, soundArgs, pieceWorkers } = report;
      const named = (given: readonly string[]) => namedPaths(given, paths, plan.outputDir);
      const digests = await hashing;
      const presetHash = createHash("sha256").update(canonicalJson(preset)).digest("hex");
      const encoders = [
        ...new Set(encodersIn([...args, ...(pieces?.flat() ?? []), ...(soundArgs ?? [])]).map(({ name }) => name)),
      ];
      return {
        internalParameters: {
          ffmpeg: named(args),
          ...(pieces && { ffmpeg_pieces: pieces.map(named) }),
          ...(soundArgs && { ffmpeg_sound: named(soundArgs) }),
          ...(pieceWorkers && { workers_of_pieces: Object.fromEntries(pieceWorkers) }),
          encoders,
        },
        resolvedDependencies: [
          ...sources.map(({ url, bytes }, at) => ({
            ...{ name: sourceName(at), uri: publicUrl(url), digest: { sha256: digests[at] ?? "" } },
            annotations: { bytes },
          })),
          { name: "preset", uri: `urn:flux-encoder:preset:${preset.name}`, digest: { sha256: presetHash } },
          programOf("ffmpeg", ffmpeg.text),
          ...Object.entries(libraries).map(([name, version]) => programOf(name, version)),
        ],
        versions: { "flux-encoder": version, ffmpeg: ffmpeg.text, ...libraries },
        startedOn,
      };
    },
  };
}

/** A program as a package URL names it. */
const programOf = (name: string, version: string): Resource & { name: string; uri: string } => ({
  name,
  uri: `pkg:generic/${name}@${encodeURIComponent(version)}`,
});

/** `source`, and `source_2` and so on for those that are joined to it. */
const sourceName = (at: number) => (at === 0 ? "source" : `source_${at + 1}`);

/** Arguments in which no folder of this machine is named: `{source}`, `{output}` and `{job}` stand for them. */
export const namedPaths = (args: readonly string[], sources: readonly string[], outputDir: string) => {
  const named = (arg: string) =>
    sources.reduce((text, source, at) => text.replaceAll(source, `{${sourceName(at)}}`), arg);
  return args.map((arg) => named(arg).replaceAll(outputDir, "{output}").replaceAll(dirname(outputDir), "{job}"));
};

/** The URL of a source without user info, query and fragment; of a local file its name alone. */
export function publicUrl(url: string): string {
  const path = redactedUrl(url);
  return path.startsWith("file:") ? `file:${path.slice(path.lastIndexOf("/") + 1)}` : path;
}
