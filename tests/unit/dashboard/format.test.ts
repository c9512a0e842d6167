import { expect, test } from "bun:test";
import { curlOf } from "#dashboard/curl.ts";
import { age, bitrate, bytes, fileName, span, timeOf } from "#dashboard/format.ts";
import { kindOf } from "#dashboard/media.ts";
import { columns, line, points, roundUp } from "#dashboard/shapes.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_500, "1.5 kB"],
  [18_874_368, "18.9 MB"],
  [250_000_000_000, "250 GB"],
] as const)("%i bytes are %s", (count, text) => expect(bytes(count)).toBe(text));

test.each([
  [340, "340 ms"],
  [4_200, "4.2 s"],
  [42_000, "42 s"],
  [200_000, "3 min 20 s"],
  [7_500_000, "2 h 5 min"],
  [300_000_000, "3 d"],
] as const)("%i ms are %s", (ms, text) => expect(span(ms)).toBe(text));

test("an age is short", () => {
  expect([5_000, 120_000, 7_200_000, 400_000_000].map(age)).toEqual(["now", "2 min", "2 h", "4 d"]);
});

test("bit rates are in the unit that fits", () => {
  expect([640_000, 2_500_000].map(bitrate)).toEqual(["640 kb/s", "2.5 Mb/s"]);
});

test("a source goes by its file's name, or by its host", () => {
  expect(fileName("https://example.com/films/a%20b.mp4")).toBe("a b.mp4");
  expect(fileName("https://example.com/")).toBe("example.com");
  expect(fileName("https://example.com/100%.mp4")).toBe("100%.mp4");
  expect(fileName("not a url")).toBe("not a url");
});

test("a job's id tells when it was made", () => {
  const uuid = Bun.randomUUIDv7("hex", Date.parse("2026-01-01T00:00:00Z"));
  expect(timeOf(`12345678-${uuid}`)).toBe(Date.parse("2026-01-01T00:00:00Z"));
  expect(timeOf("of-another-service")).toBeUndefined();
});

test("curl gets an order whole, quotes and all, but no key", async () => {
  const order = { input_url: "https://example.com/it's.mp4", preset: "tiny" };
  const command = curlOf(order, "http://127.0.0.1:8080", true);
  expect(command).toContain("$FLUX_API_KEY");
  const asCommand = command.replace(/^curl/, "printf '%s\\n'").replaceAll("\\\n", " ");
  const said = Bun.spawnSync(["sh", "-c", asCommand], { env: { FLUX_API_KEY: "k" } }).stdout.toString();
  expect(JSON.parse(said.slice(said.indexOf("{")))).toEqual(order);
});

test.each([
  ["https://cdn.example.com/a.mp4?x=1", "file"],
  ["https://cdn.example.com/a/master.m3u8", "hls"],
  ["https://cdn.example.com/a/manifest.mpd", "dash"],
  ["https://cdn.example.com/a.WEBP", "image"],
  ["file:///out/a.mp4", "unreachable"],
  ["ftp://host/a.mp4", "unreachable"],
] as const)("%s is shown as %s", (url, kind) => expect(kindOf(url)).toBe(kind));

test("a chart's points fill its field, and columns stand on each other", () => {
  expect(line(points([10, 20, 30], [0, 5, 10], 10))).toBe("M0 100L50 50L100 0");
  expect(points([7], [1], 2)).toEqual([[0, 50]]);
  const [below = "", above = ""] = columns([[1], [1]], 2);
  expect([below, above]).toEqual([expect.stringContaining("V50h"), expect.stringContaining("50V0h")]);
});

test.each([
  [0, 1],
  [0.003, 0.005],
  [7, 10],
  [12, 20],
  [100, 100],
] as const)("%d is below %d", (value, top) => expect(roundUp(value)).toBeCloseTo(top));
