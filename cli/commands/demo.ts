import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Context } from "#cli/context.ts";
import { placeOf } from "#cli/output-words.ts";
import { encode } from "./encode.ts";

const preset = "480p_h264";
const output = "./out";

/** Encodes a short real clip, or the user's own file, and says what happened. */
export async function demo(context: Context, file = Bun.resolveSync("vide/examples/video/ocean.mp4", import.meta.dir)) {
  if (!context.isJson) {
    console.log(`Encoding ${file}\nwith preset ${preset}, by a control plane and a worker in this process:\n`);
  }
  const made = await encode(context, {}, [file], { preset, output, overwrite: true });
  if (context.isJson || made?.status !== "completed") return;
  const { output_url = "", receipt } = made;

  const bytes = (await stat(fileURLToPath(output_url))).size;
  console.log(`
  1. POST /api/v1/jobs took the order; the control plane found a worker with a free slot.
  2. The worker wrote the order to its disk: from then on a crash would not have lost it.
  3. It probed the source, planned the encode and ran ffmpeg; you watched its events come over SSE.
  4. It held the output against the plan, then published it whole: ${(bytes / 1e6).toFixed(1)} MB${
    receipt ? ` in ${receipt.worker_seconds.toFixed(1)} s` : ""
  }.

The output: ${placeOf(output_url)}
Next: bun run flux encode <your file> --preset 720p_h264, or bun run dev for a service on port 8080.`);
}
