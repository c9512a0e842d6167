import { constants } from "node:fs";
import { open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/fault.ts";
import { filesIn } from "#worker/delivery/segment-uploads.ts";
import { withColours, withRoles, withTrueDurations } from "#worker/manifests/dash.ts";
import { withTexts } from "#worker/manifests/dash-texts.ts";
import type { Converted, Plan } from "#worker/plan/plan.ts";
import { mostTextBytes } from "#worker/plan/subtitles.ts";
import { decodeText } from "#worker/subtitles/decode.ts";

/**
 * Writes the texts of ours that join what ffmpeg made, or are made of it, and puts right what it says in its own. What
 * it did not write is for verification.
 */
export async function writeTexts(plan: Plan) {
  const { whole = [], converted = [], divided = [], derived = [], entries, outputDir } = plan;
  for (const { name, text } of whole) await writeFile(join(outputDir, name), text, { flag: "wx" });
  for (const one of converted) await convert(one, outputDir);
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
    await writeFile(join(outputDir, name), completed(written, plan));
  }
}

const completed = (manifest: string, { roles = [], colours = [], manifestTexts = [] }: Plan) =>
  withTexts(withColours(withRoles(withTrueDurations(manifest), roles), colours), manifestTexts);

async function convert({ from, name, text }: Converted, outputDir: string) {
  const written = await readWritten(join(outputDir, from));
  await rm(join(outputDir, from), { force: true });
  if (written !== undefined) await writeFile(join(outputDir, name), text(written), { flag: "wx" });
}

async function readWritten(path: string): Promise<string | undefined> {
  // A link that a hostile source made ffmpeg leave would lead out of its sandbox.
  const opened = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
  if (!opened) return undefined;
  await using file = opened;
  const { size } = await file.stat();
  if (size <= mostTextBytes) return decodeText(await file.readFile());
  const words = `the source has more than ${mostTextBytes / 2 ** 20} MiB of text in one subtitle track`;
  throw new Fault("source_failed", `${words}: send it without that track, or use a preset without subtitles`);
}
