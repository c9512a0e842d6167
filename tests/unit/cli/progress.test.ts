import { expect, test } from "bun:test";
import { describe, displayOn } from "#cli/progress.ts";
import type { JobEvent } from "#client/client.ts";

/** What a terminal of so many columns was last drawn, line by line. */
function terminal(columns: number) {
  let text = "";
  return {
    ...{ isTTY: true, columns, rows: 24 },
    write(piece: string) {
      text = piece;
    },
    lines: () => (text.split("\x1b[J").at(-1) ?? "").split("\n").slice(0, -1),
  };
}
const event = (progress: number): JobEvent => ({
  ...{ job_id: "a", sequence: 1, status: "processing", attempt: 1, timestamp: "2026-01-01T00:00:00Z" },
  ...{ progress, fps: 61.2, speed: 2.1, eta_seconds: 14, message: "Encoding frame 1234/5678" },
});

const names = [
  "clips/夏休みの思い出と花火大会の長い長い動画.mp4",
  "clips/👨‍👩‍👧‍👦 family 🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉.mov",
  "https://example.com/a%20folder/%E6%98%A0%E7%94%BB.mp4?token=1",
  "clips/two\nlines\x1b[2J.mp4",
  "plain.mp4",
];

test.each([40, 60, 80, 200])("no line is wider than %i columns, whatever a file is called", (columns) => {
  const out = terminal(columns);
  const display = displayOn(out, { isJson: false, isSingle: false });
  for (const name of names) display.show(name, event(45.5));
  expect(out.lines()).toHaveLength(names.length);
  for (const line of out.lines()) expect(Bun.stringWidth(line)).toBeLessThan(columns);
});

test("the bar and the name come first, so that what is cut off tells no files apart", () => {
  const out = terminal(60);
  const display = displayOn(out, { isJson: false, isSingle: false });
  for (const name of names) display.show(name, event(50));
  expect(out.lines()).toEqual([
    "[######------] 夏休みの思い出と花火…  50.0%  61 fps  2.10x…",
    "[######------] 👨‍👩‍👧‍👦 family 🎉🎉🎉🎉🎉…  50.0%  61 fps  2.10x…",
    "[######------] 映画.mp4  50.0%  61 fps  2.10x  14 s left  …",
    "[######------] two\\x0alines\\x1b[2J…  50.0%  61 fps  2.10x …",
    "[######------] plain.mp4  50.0%  61 fps  2.10x  14 s left …",
  ]);
});

const pieces = { done: 7, total: 12, workers: 3 };

test("pieces stand beside the percent, where no width of a terminal cuts them off", () => {
  const out = terminal(60);
  const display = displayOn(out, { isJson: false, isSingle: true });
  display.show("a.mp4", { ...event(50), pieces });
  expect(out.lines()).toEqual(["[######------] 50.0%  7/12 pieces on 3 workers  61 fps  2.…"]);
  display.show("a.mp4", { ...event(50), pieces: { ...pieces, workers: 1 } });
  expect(out.lines()[0]).toContain(" 7/12 pieces  61 fps ");
});

test("a file gets a line when the pieces are joined, although the percent hardly changes", () => {
  let text = "";
  const display = displayOn({ write: (piece) => (text += piece) }, { isJson: false, isSingle: true });
  const joining = { message: "Joining the pieces", pieces: { done: 12, total: 12, workers: 0 } };
  for (const percent of [91, 94.9]) display.show("a.mp4", { ...event(percent), pieces });
  for (const percent of [95, 97]) display.show("a.mp4", { ...event(percent), ...joining });
  expect(text.split("\n").map((line) => line.slice(0, 21))).toEqual([
    "91.0%  7/12 pieces on",
    "95.0%  12/12 pieces  ",
    "",
  ]);
});

test("an ended job tells in how many pieces it was made", () => {
  expect(describe({ ...event(100), status: "completed", pieces: { ...pieces, done: 12 } })).toStartWith(
    "100.0%  12 pieces on 3 workers  ",
  );
});
