import { expect, test } from "bun:test";
import { allFacts } from "#tests/support/facts.ts";
import { publishedFacts } from "#worker/facts/published.ts";

const [rendition] = allFacts.outputs.renditions;
const paths = (names: readonly string[], keyOf: (name: string) => string, entryKey: string) => {
  const renditions = names.map((path) => ({ kind: "video" as const, bytes: 1, ...rendition, path }));
  const facts = { ...allFacts, outputs: { ...allFacts.outputs, renditions } };
  const { outputs } = publishedFacts(facts, { keyOf, entryKey, files: 5, bytes: 7 });
  expect(outputs).toMatchObject({ files: 5, bytes: 7 });
  return outputs?.renditions.map(({ path }) => path);
};

test("renditions go by where they lie beside the entry", () => {
  expect(paths(["output.mp4"], () => "films/a b.mp4", "films/a b.mp4")).toEqual(["a b.mp4"]);
  const inFolder = (name: string) => (name === "manifest.mpd" ? `films/a/${name}` : `films/a/abc-2/${name}`);
  expect(paths(["video_0.m3u8", "manifest.mpd#0"], inFolder, "films/a/manifest.mpd")).toEqual([
    "abc-2/video_0.m3u8",
    "manifest.mpd#0",
  ]);
});

test("what is not known of an output is not made up", () => {
  const { source } = allFacts;
  expect(publishedFacts({ source }, { keyOf: String, entryKey: "a.mp4", files: 1, bytes: 1 })).toEqual({ source });
});
