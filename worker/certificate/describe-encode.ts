import { createHash } from "node:crypto";
import { dirname } from "node:path";
import type { Resource } from "#shared/certificate/statement.ts";
import { type Order, redactedUrl } from "#shared/job/order.ts";
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

/** Describes an encode for a certificate. The source is hashed beside it. */
export function describeEncode(
  { inputUrl }: Pick<Order, "inputUrl">,
  source: Source & { sourceHash: SourceHash },
  startedOn: string,
): EncodeDescription {
  const hashing = source.sourceHash();
  return {
    async made({ preset, plan, report, version: ffmpeg }) {
      const { libraries = {}, args = plan.args, pieces, soundArgs, pieceWorkers } = report;
      const named = (given: readonly string[]) => namedPaths(given, source.path, plan.outputDir);
      const uri = publicUrl(inputUrl);
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
          { name: "source", uri, digest: { sha256: await hashing }, annotations: { bytes: source.bytes } },
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

/** Arguments in which no folder of this machine is named: `{source}`, `{output}` and `{job}` stand for them. */
export const namedPaths = (args: readonly string[], source: string, outputDir: string) =>
  args.map((arg) =>
    arg.replaceAll(source, "{source}").replaceAll(outputDir, "{output}").replaceAll(dirname(outputDir), "{job}"),
  );

/** The URL of a source without user info, query and fragment; of a local file its name alone. */
export function publicUrl(url: string): string {
  const path = redactedUrl(url);
  return path.startsWith("file:") ? `file:${path.slice(path.lastIndexOf("/") + 1)}` : path;
}
