import { expect, test } from "bun:test";
import { planned, source } from "#tests/support/plan-sources.ts";
import { sheetsOf } from "#worker/plan/thumbnails.ts";

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

test("a sheet is no larger than ffmpeg can make and a machine can hold", () => {
  const sheets = (width: number, height: number) => {
    const probe = source({ width, height }, { durationSeconds: 3_600 });
    if (!probe.video) throw new Error("the source has no video");
    const most = { width: 1_024, every_seconds: 1, columns: 20, rows: 20 };
    return sheetsOf(most, { video: probe.video, probe });
  };
  expect(sheets(1_080, 1_920)).toMatchObject({ width: 1_024, height: 1_820, columns: 20, rows: 1, sheets: 180 });
  expect(sheets(1_920, 1_080)).toMatchObject({ width: 1_024, height: 576, columns: 20, rows: 5, sheets: 36 });
  expect(sheets(1_080, 16_000)).toMatchObject({ width: 1_024, height: 15_170, columns: 4, rows: 1, sheets: 900 });
});
