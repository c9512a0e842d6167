import { constants } from "node:fs";
import { open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/fault.ts";
import { filesIn } from "#worker/delivery/segment-uploads.ts";
import { withColours, withRoles, withTrueDurations } from "#worker/manifests/dash.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { decodeText } from "#worker/subtitles/decode.ts";

/** Far more than the subtitles of a long film, and no strain for the worker's memory. */
const mostBytes = 32 * 2 ** 20;

/**
 * Writes the texts of ours that join what ffmpeg made, or are made of it, and puts right what it says in its own. What
 * it did not write is for verification.
 */
export async function writeTexts(plan: Plan) {
  const { converted = [], divided = [], derived = [], entries, outputDir, roles = [], colours = [] } = plan;
  for (const { from, name, text } of converted) {
    const written = await readWritten(join(outputDir, from));
    await rm(join(outputDir, from), { force: true });
    if (written !== undefined) await writeFile(join(outputDir, name), text(written), { flag: "wx" });
  }
  for (const { from, names, texts } of divided) {
    const whole = await readWritten(join(outputDir, from));
    for (const [at, text] of whole === undefined ? [] : texts(whole).entries()) {
      await writeFile(join(outputDir, names[at] ?? ""), text, { flag: "wx" });
    }
  }
  const names = await filesIn(outputDir);
  for (const { name, text } of derived) await writeFile(join(outputDir, name), text(names));
  for (const name of entries.filter((entry) => entry.endsWith(".mpd") && names.includes(entry))) {
    const written = await readFile(join(outputDir, name), "utf8");
    await writeFile(join(outputDir, name), withColours(withRoles(withTrueDurations(written), roles), colours));
  }
}

async function readWritten(path: string): Promise<string | undefined> {
  // A link that a hostile source made ffmpeg leave would lead out of its sandbox.
  const opened = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
  if (!opened) return undefined;
  await using file = opened;
  const { size } = await file.stat();
  if (size <= mostBytes) return decodeText(await file.readFile());
  const words = `the source has more than ${mostBytes / 2 ** 20} MiB of text in one subtitle track`;
  throw new Fault("source_failed", `${words}: send it without that track, or use a preset without subtitles`);
}
