import { constants } from "node:fs";
import { open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/fault.ts";
import { filesIn } from "#worker/delivery/uploads.ts";
import type { Plan } from "#worker/plan/plan.ts";

/** Far more than the subtitles of a long film, and no strain for the worker's memory. */
const mostBytes = 32 * 2 ** 20;

/** Writes the texts of ours that join what ffmpeg made, or are made of it. */
export async function writeTexts({ converted = [], derived = [], outputDir }: Plan) {
  for (const { from, name, text } of converted) {
    const written = await readWritten(join(outputDir, from));
    await rm(join(outputDir, from));
    await writeFile(join(outputDir, name), text(written));
  }
  const names = await filesIn(outputDir);
  for (const { name, text } of derived) await writeFile(join(outputDir, name), text(names));
}

async function readWritten(path: string): Promise<string> {
  // A link that a hostile source made ffmpeg leave would lead out of its sandbox.
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  const { size } = await file.stat();
  if (size > mostBytes) {
    const most = mostBytes / 2 ** 20;
    throw new Fault(
      "source_failed",
      `the source has a subtitle track of more than ${most} MiB, which is too much text`,
    );
  }
  return file.readFile("utf8");
}
