import { expect, test } from "bun:test";
import { sourcesFor, urlsOf, withUrls } from "#cli/encode/sources.ts";

const input = (name: string) => ({ name, url: `https://example.com/${name}.mp4`, folder: "", stem: name });
const inputs = [input("a"), input("b")];

test("inputs are a job each, or all of them one film that is named after the first", () => {
  expect(sourcesFor(inputs, { clip: ["1-2"] }).map(({ sources }) => sources)).toEqual(
    inputs.map(({ url }) => ({ input_url: url, clip: { start: 1, end: 2 } })),
  );
  expect(sourcesFor(inputs, { join: true, clip: ["0-", "0:01-"] })).toEqual([
    {
      ...{ name: "a and 1 more", folder: "", stem: "a" },
      sources: { inputs: [{ url: inputs[0]?.url ?? "" }, { url: inputs[1]?.url ?? "", clip: { start: "0:01" } }] },
    },
  ]);
});

test("what cannot be joined, or whose parts nobody could tell, is refused", () => {
  expect(() => sourcesFor(inputs.slice(0, 1), { join: true })).toThrow("more than one input");
  expect(() => sourcesFor(inputs, { join: true, clip: ["1-2"] })).toThrow("once for each of the 2 inputs");
  expect(() => sourcesFor(inputs, { clip: ["1-2", "3-4"] })).toThrow("which is for --join");
});

test("an order's sources get other addresses where their files are uploaded", () => {
  const joined = { preset: "p", inputs: [{ url: "file:///a", clip: { start: 1 } }, { url: "https://b" }] };
  expect(urlsOf(joined)).toEqual(["file:///a", "https://b"]);
  expect(withUrls(joined, ["upload:1", "https://b"]).inputs).toEqual([
    { url: "upload:1", clip: { start: 1 } },
    { url: "https://b" },
  ]);
  expect(withUrls({ preset: "p", input_url: "file:///a" }, ["upload:1"])).toEqual({
    preset: "p",
    input_url: "upload:1",
  });
});
