import { expect, test } from "bun:test";
import { age, amount, bitrate, bytes, clock, fileName, folderName, span, timeOf } from "#dashboard/format.ts";

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

test("the length of a film and an amount are as short as they can be", () => {
  expect([7, 760, 3_753.4].map(clock)).toEqual(["0:07", "12:40", "1:02:33"]);
  expect([0.004_21, 3.5, 1_204.3].map(amount)).toEqual(["0.00421", "3.5", "1,204"]);
});

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
  expect(folderName("https://example.com/films/day%201/a.mp4")).toBe("day 1/");
  expect(folderName("https://example.com/a.mp4")).toBe("example.com/");
});

test("a job's id tells when it was made", () => {
  const uuid = Bun.randomUUIDv7("hex", Date.parse("2026-01-01T00:00:00Z"));
  expect(timeOf(`12345678-${uuid}`)).toBe(Date.parse("2026-01-01T00:00:00Z"));
  expect(timeOf("of-another-service")).toBeUndefined();
});
