import { expect, test } from "bun:test";
import { displayOn } from "#cli/progress.ts";
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
