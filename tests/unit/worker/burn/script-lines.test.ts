import { expect, test } from "bun:test";
import { authoredScript, inUsualOrder } from "#worker/burn/script-lines.ts";

const events = (format: string, line: string) => `[Events]\nFormat: ${format}\nDialogue: ${line}\n`;

test("lines in an order of their own are put into the usual one", () => {
  const text = events("Start, End, Style, Text", "0:00:01.00,0:00:02.00,Sign,a, b");
  expect(inUsualOrder(text)).toContain("Dialogue: 0,0:00:01.00,0:00:02.00,Sign,,0,0,0,,a, b");
  const usual = "0,0:00:01.00,0:00:02.00,Sign,x,1,2,3,,a, b";
  expect(inUsualOrder(`[Events]\nDialogue: ${usual}\n`)).toContain(`Dialogue: ${usual}`);
});

test("no character ends a line or the script within a text", () => {
  const { lines } = authoredScript(
    "[Events]\nDialogue: Marked=0,0:00:01.00,0:00:02.00,A,,0,0,0,,a\u0000b\u000bc\u0085d\n",
  );
  expect(lines).toEqual([{ start: 1, end: 2, layer: "0", rest: "A,,0,0,0,,abcd" }]);
});

test("lines that are shown for no time, or have none, are left out", () => {
  const line = (times: string) => `[Events]\nDialogue: 0,${times},A,,0,0,0,,a\n`;
  for (const times of ["0:00:02.00,0:00:02.00", "0:00:02.00,0:00:01.00", "x,y"])
    expect(authoredScript(line(times)).lines).toEqual([]);
});

test("what is said for all is numbers and words alone", () => {
  const { info } = authoredScript("[Script Info]\nPlayResX: 640\nPlayResY: 3;6\nWrapStyle: 2\nTitle: x\n");
  expect([...info]).toEqual([
    ["PlayResX", "640"],
    ["WrapStyle", "2"],
  ]);
});
