import { expect, test } from "bun:test";
import { join } from "node:path";
import { makeFolder } from "#tests/support/made-folders.ts";
import { bannerOf, pathWith } from "#tests/support/other-programs.ts";

const clips = join(import.meta.dir, "../../support/clips.ts");

/** Where a clip is kept for who has this PATH. */
const keptFor = (path: string | undefined) =>
  Bun.$`${process.execPath} -e ${`import { keptPath } from "${clips}"; console.log(await keptPath([], "mp4"))`}`
    .env({ ...process.env, PATH: path })
    .text();

test("a clip that one ffmpeg made is not taken for another's", async () => {
  const other = await pathWith(await makeFolder("flux-ffmpeg-"), "ffmpeg", bannerOf("ffmpeg", "6.1.1", "58. 29.100"));
  const { PATH } = process.env;
  expect(await keptFor(PATH)).toBe(await keptFor(PATH));
  expect(await keptFor(other)).not.toBe(await keptFor(PATH));
});
