import { join } from "node:path";
import { isFault } from "#shared/fault.ts";
import type { EncodeOptions } from "#worker/ffmpeg/encode.ts";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import { plainStep, type Step } from "#worker/job/steps.ts";
import { type SoundPlan, soundFile } from "#worker/plan/encoded-sound.ts";
import { complaints, runEncode } from "./encode-piece.ts";
import type { StoredPiece, StoredPieces } from "./stored-pieces.ts";

/** All sounds of a film, encoded. */
export type EncodedSound = Pick<EncodeReport, "read" | "written" | "mixedPeak" | "libraries"> & {
  /** The file that they are in. */
  path: string;
  /** What ffmpeg was given. */
  args: readonly string[];
};

/**
 * Encodes all sounds of a film, unless they are kept since before, and keeps them. Undefined where the source is damaged
 * there, or cannot be encoded: the encode of the output tells better what is wrong, and may get by with it.
 */
export async function encodeSound(
  plan: SoundPlan,
  { stored, step = plainStep, ...options }: Omit<EncodeOptions, "onLine"> & { stored: StoredPieces; step?: Step },
): Promise<EncodedSound | undefined> {
  const kept = (await stored.find("sound")) ?? (await step("sound", () => encodeAndKeep(plan, stored, options)));
  if (!kept?.sound) return undefined;
  const { read, written, mixedPeak } = kept.sound;
  return {
    path: join(stored.dirOf("sound"), soundFile),
    args: plan.args,
    read: new Map(read),
    written: plan.heard.map(({ sound, output }) => ({
      ...{ output, kind: "audio" },
      ...(written[sound] ?? { frames: 0, samples: 0 }),
    })),
    mixedPeak,
    libraries: kept.libraries,
  };
}

async function encodeAndKeep(
  { args }: SoundPlan,
  stored: StoredPieces,
  options: Omit<EncodeOptions, "onLine">,
): Promise<StoredPiece | undefined> {
  const report = await encoded(args, await stored.begin("sound"), options);
  if (!report || complaints(report) > 0) return undefined;
  const { read, written, mixedPeak, libraries = {} } = report;
  const sound = {
    // What else was read was thrown away.
    read: [...read].filter(([, { frames }]) => frames > 0),
    written: written.filter(({ kind }) => kind === "audio").map(({ frames, samples }) => ({ frames, samples })),
    ...(mixedPeak !== undefined && { mixedPeak }),
  };
  return stored.keep("sound", [soundFile], { decoded: 0, libraries, sound });
}

async function encoded(args: readonly string[], folder: string, options: Omit<EncodeOptions, "onLine">) {
  try {
    return await runEncode(args, folder, options);
  } catch (error) {
    if (isFault(error, "encode_failed") || isFault(error, "source_failed")) return undefined;
    throw error;
  }
}
