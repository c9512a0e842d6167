import { expect, test } from "bun:test";
import { certificateKey, subjectsOf } from "#shared/certificate/subjects.ts";
import { anOrder } from "#tests/support/orders.ts";

const sha256 = "0".repeat(64);
const objects = (...keys: string[]) => keys.map((key) => ({ key, sha256 }));

test("paths of an output of many files are those below its folder, sorted", () => {
  const order = anOrder({ jobId: "j", output: { path: "films/a/", type: "hls" } });
  const subjects = subjectsOf(order, objects("films/a/master.m3u8", "films/a/keys/j-1.key", "films/a/g/s.ts"));
  expect(subjects.map(({ name }) => name)).toEqual(["g/s.ts", "keys/j-1.key", "master.m3u8"]);
  expect(certificateKey(order)).toBe("films/a/j.intoto.jsonl");
});

test.each([
  ["films/a.mp4", "films/j.intoto.jsonl", ["films/a.mp4", "films/a.vtt"]],
  ["a.mp4", "j.intoto.jsonl", ["a.mp4", "a.vtt"]],
])("those of a single output at %s are the names beside it", (path, key, keys) => {
  const order = anOrder({ jobId: "j", output: { path } });
  expect(subjectsOf(order, objects(...keys)).map(({ name }) => name)).toEqual(["a.mp4", "a.vtt"]);
  expect(certificateKey(order)).toBe(key);
});
