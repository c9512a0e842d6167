import type { Grading } from "#worker/ffmpeg/grading.ts";
import { type HdrSideData, hdrSideDataIn } from "#worker/ffmpeg/hdr-side-data.ts";
import type { Spawning } from "#worker/ffmpeg/run.ts";
import type { ExpectedVideo } from "#worker/plan/expected.ts";
import type { Plan } from "#worker/plan/plan.ts";

/** Whether the pictures of an output are made of HDR ones. */
export const isMadeOfHdr = ({ files, segments }: Plan) =>
  [...files.map(({ video }) => video), ...(segments?.tracks ?? [])].some(
    (expected) => expected !== undefined && "size" in expected && (expected.isToneMapped || expected.hdr !== undefined),
  );

/**
 * What a film or a segment says of HDR. The first frame of fragmented MP4 needs what its init segment says, so that a segment
 * is told with it, the init segment first.
 */
export const hdrIn = (paths: readonly [string, ...string[]], asking: Spawning): Promise<HdrSideData> =>
  hdrSideDataIn(paths.length > 1 ? `concat:${paths.join("|")}` : paths[0], {
    ...asking,
    ...{ reads: paths, stream: "v:0", options: ["-protocol_whitelist", "file,concat"] },
    format: /\.(mp4|m4s)$/.test(paths[0]) ? "mp4" : "",
  });

const graded = /^(Mastering display|Content light level)/;

/** What is wrong with what a video says of HDR. */
export function hdrProblem(
  { isToneMapped, hdr }: Pick<ExpectedVideo, "isToneMapped" | "hdr">,
  found: HdrSideData | undefined,
): string | undefined {
  if (!found) return undefined;
  const wrong = hdr ? found.names.filter((name) => !graded.test(name)) : isToneMapped ? found.names : [];
  if (wrong.length > 0)
    return `it is ${hdr ? "plain" : "not"} HDR and says that it is${hdr ? " more" : ""} (${wrong.join(", ")})`;
  return hdr && found.isDecoded ? gradingProblem(hdr.grading, found.grading) : undefined;
}

function gradingProblem(expected: Grading, found: Grading): string | undefined {
  if (expected.light && JSON.stringify(expected.light) !== JSON.stringify(found.light))
    return `it says of its light ${words(found.light)}, not ${words(expected.light)} as the source`;
  if (expected.mastering && !(found.mastering && isSameDisplay(expected.mastering, found.mastering)))
    return `it says of its mastering display ${words(found.mastering)}, not ${words(expected.mastering)} as the source`;
  return undefined;
}

const words = (value: object | undefined) => (value ? JSON.stringify(value) : "nothing");

type Display = NonNullable<Grading["mastering"]>;

/** AV1 counts in other fractions than H.265: 1/65536 of a colour, 1/256 and 1/16384 of a cd/m2. */
function isSameDisplay(one: Display, other: Display): boolean {
  const isNear = (a: number, b: number, by: number) => Math.abs(a - b) <= by;
  const colours = (["green", "blue", "red", "white"] as const).every((name) =>
    one[name].every((value, at) => isNear(value, other[name][at] ?? Number.NaN, 2)),
  );
  return colours && isNear(one.luminance[0], other.luminance[0], 50) && isNear(one.luminance[1], other.luminance[1], 2);
}
