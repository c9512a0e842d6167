import { expect, test } from "bun:test";
import { readdir, symlink, truncate } from "node:fs/promises";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { makeFolder } from "#tests/support/made-folders.ts";
import { rejection } from "#tests/support/outcome.ts";
import { writeTexts } from "#worker/ffmpeg/texts.ts";
import { planFor } from "./ffmpeg/work.ts";

/** A plan whose `a.vtt` is made of `a.ass`. */
async function planned() {
  const converted = [
    { from: "a.ass", name: "a.vtt", codec: "subrip", text: (written: string) => `made of ${written}` },
  ];
  return { ...(await planFor(await clip())), outputDir: await makeFolder("flux-texts-"), converted };
}

test("a text is made of what ffmpeg wrote, which is gone then", async () => {
  const plan = await planned();
  await Bun.write(join(plan.outputDir, "a.ass"), "this");
  await writeTexts(plan);
  expect(await readdir(plan.outputDir)).toEqual(["a.vtt"]);
  expect(await Bun.file(join(plan.outputDir, "a.vtt")).text()).toBe("made of this");
});

test("a link is not followed, neither to read nor to write", async () => {
  const secret = join(await makeFolder("flux-secret-"), "secret");
  await Bun.write(secret, "secret");
  const reading = await planned();
  await symlink(secret, join(reading.outputDir, "a.ass"));
  await writeTexts(reading);
  expect(await readdir(reading.outputDir)).toEqual([]);

  const writing = await planned();
  await Bun.write(join(writing.outputDir, "a.ass"), "this");
  await symlink(secret, join(writing.outputDir, "a.vtt"));
  expect(await rejection(writeTexts(writing))).toMatchObject({ code: "EEXIST" });
  expect(await Bun.file(secret).text()).toBe("secret");
});

test("more text than a film can have is refused", async () => {
  const plan = await planned();
  await Bun.write(join(plan.outputDir, "a.ass"), "this");
  await truncate(join(plan.outputDir, "a.ass"), 33 * 2 ** 20);
  expect(await rejection(writeTexts(plan))).toMatchObject({ kind: "source_failed" });
});
