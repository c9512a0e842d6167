import { expect, test } from "bun:test";
import { shownLog } from "#shared/outcomes/shown-log.ts";

const most = 2 ** 20;

test("a log that fits is shown whole, without addresses of sources, paths and keys", () => {
  const said = [
    "Input #0, mov,mp4, from '/srv/a b/1f2e/source/clip.mp4':",
    "[https @ 0x55f54c6086c0] Opening 'https://me:word@example.com/a.mp4?sig=x' for reading",
    "key 5ec4e7a11f0e2d3c4b5a69788796a5b4",
    "Conversion failed!\n",
  ].join("\n");
  expect(shownLog(said)).toBe(
    "Input #0, mov,mp4, from '<file>':\n[https] Opening '<url>' for reading\nkey <key>\nConversion failed!\n",
  );
});

test.each([
  ["lines of one byte a letter", "a line of a log\n"],
  ["lines of three bytes a letter", "説明の行\n"],
  ["lines that grow", "/a /b\n"],
])("of a longer one, of %s, the last whole lines are shown, and the first says so", (_, line) => {
  const text = shownLog(`${line.repeat(most)}the end\n`);
  const [note, ...lines] = text.split("\n");
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most);
  expect(Buffer.byteLength(text)).toBeGreaterThan(most - 200);
  expect(note).toStartWith("[the log is longer");
  expect(lines.slice(-2)).toEqual(["the end", ""]);
  const whole = line.trim().replaceAll(/\/./g, "<file>");
  expect(lines.slice(0, -2).filter((one) => one !== whole)).toEqual([]);
});

test("no part of a line is shown, which could be the rest of a URL", () => {
  const url = `https://example.com/?sig=${"s".repeat(2 * most)}`;
  expect(shownLog(`begin\n${url}\nthe end\n`)).toMatch(/^\[the log is longer.*\]\nthe end\n$/);
  expect(shownLog(url)).toMatch(/^\[the log is longer.*\]\n$/);
});
