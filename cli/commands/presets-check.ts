import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { finalEvent } from "#cli/encode/follow.ts";
import { failureOf } from "#cli/failure.ts";
import { type Finding, fault, ok, type Verdict } from "#cli/finding.ts";
import { startLocalService } from "#cli/local-service.ts";
import { connect } from "#client/client.ts";
import type { Env } from "#shared/env.ts";
import { Fault } from "#shared/fault.ts";
import { parsePresets } from "#worker/presets/parse.ts";

const clipSeconds = 4;

/** Holds a file of presets against the schema, then encodes a generated clip with each. */
export async function* checkPresets(file: string, env: Env): AsyncGenerator<Finding> {
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new Fault("invalid", `cannot read ${file}`, { cause });
  });
  const { presets, problems } = parsePresets(text, basename(file));
  for (const problem of problems) yield { check: "schema", ...fault(problem) };
  if (problems.length > 0) return;

  const scratch = await mkdtemp(join(tmpdir(), "flux-presets-"));
  try {
    await mkdir(join(scratch, "presets"));
    await copyFile(file, join(scratch, "presets", "checked.yaml"));
    const input_url = pathToFileURL(await generatedClip(scratch)).href;
    await using service = await startLocalService(
      { ...env, PRESETS_DIR: join(scratch, "presets") },
      join(scratch, "out"),
    );
    for (const { name } of presets) yield { check: name, ...(await tryPreset(service.url, name, input_url)) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function tryPreset(server: string, preset: string, input_url: string): Promise<Verdict> {
  const client = connect({ server });
  try {
    const { job_id } = await client.submit({ input_url, preset });
    const { files_total, bytes_uploaded = 0, error } = await finalEvent(client, job_id, { show: () => {} });
    if (error) return fault(error.message);
    return ok(`${files_total} files, ${(bytes_uploaded / 1_000).toFixed(0)} KB of ${clipSeconds} s`);
  } catch (error) {
    return fault(failureOf(error).message);
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
