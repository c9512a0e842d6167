import { inputAllowlist } from "#worker/ffmpeg/input-allowlist.ts";
import type { Spawn } from "#worker/ffmpeg/run.ts";
import type { Plan } from "#worker/plan/plan.ts";

/** Whether the pictures of an output are made of HDR ones, and are no longer HDR. */
export const isToneMapped = ({ files, segments }: Plan) =>
  [...files.map(({ video }) => video), ...(segments?.tracks ?? [])].some(
    (expected) => expected !== undefined && "isToneMapped" in expected && expected.isToneMapped,
  );

const ofHdr = /^(Mastering display|Content light level|HDR Dynamic|Dolby Vision|DOVI)/;

/** Those of the names of side data that are of HDR; ffprobe writes all that a frame has in one line. */
export const hdrNames = (said: string) => said.split(/[\n|]/).filter((name) => ofHdr.test(name));

/** The side data of a stream and of its first frame that describe an HDR picture, as ffprobe names them. */
export async function hdrIn(path: string, asking: Asking): Promise<string[]> {
  return hdrOf(path, [path], asking);
}

/** The same of fragmented MP4, whose first frame needs what its init segment says. */
export async function hdrInFragments({ init, segment }: { init: string; segment: string }, asking: Asking) {
  return hdrOf(`concat:${init}|${segment}`, [init, segment], asking);
}

type Asking = { signal: AbortSignal; spawn: Spawn };

async function hdrOf(input: string, reads: readonly string[], { signal, spawn }: Asking): Promise<string[]> {
  const query = ["-show_entries", "stream_side_data=side_data_type:frame_side_data=side_data_type"];
  const argv = [
    ...([
      "ffprobe",
      "-v",
      "error",
      ...inputAllowlist,
      "-protocol_whitelist",
      "file,concat",
      "-select_streams",
      "v:0",
      "-read_intervals",
      "%+#1",
    ] as const),
    ...[...query, "-print_format", "compact=print_section=0:nokey=1", input],
  ] as const;
  await using process = spawn({ argv, reads, signal });
  const said = await new Response(process.stdout).text();
  await process.ended;
  signal.throwIfAborted();
  return hdrNames(said);
}
