import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { startLocalService } from "#cli/local-service.ts";
import { connect } from "#client/client.ts";
import type { Env } from "#shared/env.ts";
import { Fault, toFault } from "#shared/fault.ts";
import { parsePresets } from "#worker/presets/parse.ts";

const clipSeconds = 4;

/** Holds a file of presets against the schema, then encodes a generated clip with each. False when one does not work. */
export async function checkPresets(file: string, env: Env): Promise<boolean> {
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new Fault("invalid", `cannot read ${file}`, { cause });
  });
  const { presets, problems } = parsePresets(text, basename(file));
  for (const problem of problems) console.log(`✗ ${problem}`);
  if (problems.length > 0) return false;

  const scratch = await mkdtemp(join(tmpdir(), "flux-presets-"));
  try {
    await mkdir(join(scratch, "presets"));
    await copyFile(file, join(scratch, "presets", "checked.yaml"));
    const input_url = pathToFileURL(await generatedClip(scratch)).href;
    await using service = await startLocalService(
      { ...env, PRESETS_DIR: join(scratch, "presets") },
      join(scratch, "out"),
    );
    const results: boolean[] = [];
    for (const { name } of presets) results.push(await tryPreset(service.url, name, input_url));
    return results.every(Boolean);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function tryPreset(server: string, preset: string, input_url: string): Promise<boolean> {
  const client = connect({ server });
  try {
    const { job_id } = await client.submit({ input_url, preset });
    for await (const { status, files_total, bytes_uploaded = 0, error } of client.watch(job_id)) {
      if (error) throw new Fault("encode_failed", error.message);
      if (status === "completed") {
        console.log(`✓ ${preset}: ${files_total} files, ${(bytes_uploaded / 1_000).toFixed(0)} KB of ${clipSeconds} s`);
      }
    }
    return true;
  } catch (error) {
    console.log(`✗ ${preset}: ${toFault(error).message}`);
    return false;
  }
}

/** Moving picture and sound, as large as most ladders begin. */
async function generatedClip(folder: string): Promise<string> {
  const path = join(folder, "clip.mp4");
  const picture = `testsrc2=size=1280x720:rate=24:duration=${clipSeconds}`;
  const sound = `sine=frequency=440:sample_rate=48000:duration=${clipSeconds}`;
  const inputs = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound];
  const output = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", path];
  const ffmpeg = Bun.spawn(["ffmpeg", "-v", "error", "-nostdin", ...inputs, ...output], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = await ffmpeg.stderr.text();
  if ((await ffmpeg.exited) !== 0) throw new Fault("encode_failed", `ffmpeg cannot make a clip to try: ${said.trim()}`);
  return path;
}
