import { expect, test } from "bun:test";
import { lastOfEachKey } from "#shared/job/published-object.ts";
import { objectsOf } from "#worker/delivery/published-objects.ts";

const object = (key: string, bytes = 1) => ({ key, bytes, sha256: String(bytes).padStart(64, "0") });
const put = (key: string, bytes = 1) => ({ name: key, ...object(key, bytes) });
const journal = (...objects: ReturnType<typeof object>[]) => ({ uploadedObjects: async () => lastOfEachKey(objects) });

test("all that was uploaded and all that is shown last is listed, an encryption key too", async () => {
  const uploaded = journal(object("a/0.ts"), object("a/1.ts"), object("a/keys/1.key"));
  const objects = await objectsOf(uploaded, [put("a/master.m3u8")], { keys: ["a/0.ts", "a/1.ts"], stale: [] });
  expect(objects).toEqual([object("a/0.ts"), object("a/1.ts"), object("a/keys/1.key"), object("a/master.m3u8")]);
});

test("what an earlier attempt has left is not listed, and of a key only what is there in the end", async () => {
  const uploaded = journal(object("a/1/0.ts"), object("a/master.m3u8", 1), object("a/2/0.ts"));
  const rest = { keys: ["a/2/0.ts"], stale: ["a/1/0.ts"] };
  expect(await objectsOf(uploaded, [put("a/master.m3u8", 7)], rest)).toEqual([
    object("a/master.m3u8", 7),
    object("a/2/0.ts"),
  ]);
});

test("there is no list when a former version has uploaded some of the output", async () => {
  const rest = { keys: ["a/0.ts", "a/1.ts"], stale: [] };
  expect(await objectsOf(journal(object("a/1.ts")), [put("a/master.m3u8")], rest)).toBeUndefined();
});
