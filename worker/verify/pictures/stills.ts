import { join } from "node:path";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { ExpectedFile } from "#worker/plan/expected.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { gridSide } from "./grid.ts";
import { outputAllowlist } from "./outputs.ts";
import { type Request, toGrid } from "./sample-frames.ts";

/** A picture of an output that shows one moment of the source. */
export type Still = {
  /** The file or the rendition, for people. */
  name: string;
  /** The moment of the source, which is that of a film made of it. */
  seconds: number;
  /** Takes the pictures that the output shows around the moment. */
  request: Request;
  /** Whether ffmpeg chose the moment. */
  isPoster: boolean;
};

/** Much less than a grid has little in common with a picture that was larger. */
const leastSide = gridSide / 2;

/** The first picture of each file that is made of some pictures of the source. */
export async function stillsOf({ files, outputDir }: Plan, { posterSeconds = 0 }: EncodeReport): Promise<Still[]> {
  const stills = files.map(async (expected): Promise<Still[]> => {
    if (expected.tile && Math.min(expected.tile.width, expected.tile.height) < leastSide) return [];
    // Where no poster was chosen it is the very first picture.
    const seconds = expected.shows === "poster" ? posterSeconds : expected.shows;
    const input = seconds === undefined ? undefined : await inputOf(expected, outputDir);
    return seconds === undefined || input === undefined ? [] : [stillOf(expected, seconds, input)];
  });
  return (await Promise.all(stills)).flat();
}

function stillOf({ name, shows, tile }: ExpectedFile, seconds: number, input: readonly string[]): Still {
  const crop = tile ? [`crop=w=${tile.width}:h=${tile.height}:x=0:y=0`] : [];
  return {
    ...{ name, seconds, isPoster: shows === "poster" },
    request: { input, stream: "v:0", pick: "trim=end_frame=1", ways: [toGrid({}, crop)] },
  };
}

async function inputOf({ name, image }: ExpectedFile, dir: string): Promise<string[] | undefined> {
  if (image === "jpeg") return ["-protocol_whitelist", "file", "-f", "jpeg_pipe", "-i", `file:${name}`];
  if (image !== "webp") return [...outputAllowlist, "-i", `file:${name}`];
  const first = firstOfAnimation(Buffer.from(await Bun.file(join(dir, name)).arrayBuffer()));
  if (first === undefined) return ["-protocol_whitelist", "file", "-f", "webp_pipe", "-i", `file:${name}`];
  // An argument may have 128 KiB.
  if (first.length > 90_000) return undefined;
  return ["-protocol_whitelist", "data", "-f", "webp_pipe", "-i", `data:image/webp;base64,${first.toString("base64")}`];
}

/**
 * The first picture of an animated WebP as a WebP of its own: not every ffmpeg decodes animations. It is in the first
 * ANMF chunk, behind 16 bytes that say where it stands (WebP container specification, "Animation").
 */
function firstOfAnimation(file: Buffer): Buffer | undefined {
  for (let at = 12; at + 8 <= file.length; ) {
    const size = file.readUInt32LE(at + 4);
    if (file.toString("latin1", at, at + 4) === "ANMF") {
      const picture = file.subarray(at + 8 + 16, at + 8 + size);
      const head = Buffer.from("RIFF\0\0\0\0WEBP", "latin1");
      head.writeUInt32LE(picture.length + 4, 4);
      return Buffer.concat([head, picture]);
    }
    at += 8 + size + (size % 2);
  }
  return undefined;
}
