import { expect, test } from "bun:test";
import { planned, source } from "#tests/support/plan-sources.ts";

test("thumbnails lie in sheets, and the WebVTT names them as they will be called", () => {
  const { entry, files, derived } = planned("thumbnails", source({}, { durationSeconds: 512 }));
  expect(entry).toBe("output.vtt");
  expect(files.map(({ name }) => name)).toEqual(["output.vtt", "output_01.jpg", "output_02.jpg"]);
  const cues = derived?.[0]?.text([]).split("\n\n") ?? [];
  expect(cues).toHaveLength(104);
  expect(cues[1]).toBe("00:00:00.000 --> 00:00:05.000\nmy%20clip_01.jpg#xywh=0,0,160,90");
  expect(cues[12]).toBe("00:00:55.000 --> 00:01:00.000\nmy%20clip_01.jpg#xywh=160,90,160,90");
  expect(cues[103]).toBe("00:08:30.000 --> 00:08:32.000\nmy%20clip_02.jpg#xywh=320,0,160,90\n");
});
