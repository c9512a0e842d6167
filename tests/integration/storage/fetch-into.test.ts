import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fetchInto } from "#shared/storage/fetch-into.ts";
import { rejection } from "#tests/support/outcome.ts";
import { temporaryFolder } from "#tests/support/service.ts";

const signal = new AbortController().signal;

async function* sent(...chunks: string[]) {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

test("of content that is too large from its first bytes on, no file is left or comes later", async () => {
  await using folder = await temporaryFolder();
  const files = Array.from({ length: 200 }, (_, at) => join(folder.path, String(at)));
  const ends = await Promise.all(files.map((file) => rejection(fetchInto(file, sent("too large"), signal, 3))));
  expect(await readdir(folder.path)).toEqual([]);
  expect(new Set(ends.map((end) => Object(end).kind))).toEqual(new Set(["too_large"]));
});

test("a file that cannot be made says why", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "no", "folder");
  expect(await rejection(fetchInto(file, sent("content"), signal))).toMatchObject({ code: "ENOENT" });
});
