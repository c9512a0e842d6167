import { expect, test } from "bun:test";
import { formatObjects, lastOfEachKey, parseObjects } from "#shared/job/published-object.ts";

const sha256 = "0123456789abcdef".repeat(4);
const object = (key: string, bytes = 1) => ({ key, bytes, sha256 });

test("a list is read as it was written, whatever its keys are", () => {
  const objects = [object('films/été \\ "1"/a.ts', 0), object("動画/b.ts", 2 ** 40)];
  expect(parseObjects(formatObjects(objects))).toEqual({ objects, isWhole: true });
  expect(parseObjects("")).toEqual({ objects: [], isWhole: true });
});

test.each([
  ["cut off", (text: string) => text.slice(0, -20)],
  ["with another hash", (text: string) => text.replace(/"0123/g, '"zzzz')],
  ["with a negative size", (text: string) => text.replace('"bytes":2', '"bytes":-2')],
  ["of something else", () => "<html></html>\n"],
])("a list %s is not whole", (_, damaged) => {
  const { isWhole } = parseObjects(damaged(formatObjects([object("a.ts"), object("b.ts", 2)])));
  expect(isWhole).toBe(false);
});

test("of a key that is named twice the later one counts", () => {
  expect([...lastOfEachKey([object("a", 1), object("b", 2), object("a", 3)]).values()]).toEqual([
    object("a", 3),
    object("b", 2),
  ]);
});
