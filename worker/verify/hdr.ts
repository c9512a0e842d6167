import type { Argv } from "#worker/ffmpeg/argv.ts";
import { inputAllowlist } from "#worker/ffmpeg/input-allowlist.ts";
import { runToEnd, type Spawning } from "#worker/ffmpeg/run.ts";
import type { Plan } from "#worker/plan/plan.ts";

/** Whether the pictures of an output are made of HDR ones, and are no longer HDR. */
export const isToneMapped = ({ files, segments }: Plan) =>
  [...files.map(({ video }) => video), ...(segments?.tracks ?? [])].some(
    (expected) => expected !== undefined && "isToneMapped" in expected && expected.isToneMapped,
  );

const ofHdr = /^(Mastering display|Content light level|HDR Dynamic|Dolby Vision|DOVI)/;

/** Those of the names of side data that are of HDR; ffprobe writes all that a frame has in one line. */
export const hdrNames = (said: string) => said.split(/[\n|]/).filter((name) => ofHdr.test(name));

/**
 * The side data of a stream and of its first frame that describe an HDR picture, as ffprobe names them. The first frame of
 * fragmented MP4 needs what its init segment says, so that a segment is told with it, the init segment first.
 */
export async function hdrIn(paths: readonly [string, ...string[]], { signal, spawn }: Spawning): Promise<string[]> {
  const input = paths.length > 1 ? `concat:${paths.join("|")}` : paths[0];
  const argv: Argv = [
    "ffprobe",
    ...["-v", "error", ...inputAllowlist, "-protocol_whitelist", "file,concat"],
    ...["-select_streams", "v:0", "-read_intervals", "%+#1"],
    ...["-show_entries", "stream_side_data=side_data_type:frame_side_data=side_data_type"],
    ...["-print_format", "compact=print_section=0:nokey=1", input],
  ];
  const { stdout } = await runToEnd(spawn, { argv, reads: paths, signal });
  return hdrNames(stdout.toString());
}
