import { describe, expect, test } from "bun:test";
import { bitRateChart, ladderColumns, ladderRows, qualityChart } from "#dashboard/ladder.ts";

const video = { path: "stream_0.m3u8", kind: "video", width: 1_280, height: 720, bytes: 9_000_000 } as const;
const sound = { path: "stream_audio.m3u8", kind: "audio", language: "de", bytes: 500_000 } as const;
const outputs = (renditions: Parameters<typeof ladderRows>[0]["renditions"], seconds = 12) => ({
  ...{ files: 3, bytes: 10_000_000, duration_seconds: seconds, renditions },
});
const measured = { ...{ path: "stream_0.m3u8", mean: 0.98412, harmonic_mean: 0.98, p1: 0.91, p5: 0.95 } };
const worst = { start_seconds: 4, duration_seconds: 2, mean: 0.9 };

describe("the table of renditions", () => {
  test("names each and its share of all bytes, small ones more exactly", () => {
    const rows = ladderRows(
      outputs([
        { ...video, codecs: "hvc1.1.6.L93.B0" },
        { ...sound, codecs: "mp4a.40.2" },
      ]),
      undefined,
    );
    expect(rows).toEqual([
      { name: "1280×720", path: "stream_0.m3u8", cells: ["H.265", "–", "–", "9.0 MB", "90 %"] },
      { name: "Sound · de", path: "stream_audio.m3u8", cells: ["AAC", "–", "–", "500 kB", "5.0 %"] },
    ]);
  });

  test("has a column for what was measured, empty where nothing was", () => {
    const quality = { metric: "ssim", renditions: [{ ...measured, worst }] } as const;
    expect(ladderColumns({ ...quality, renditions: [...quality.renditions] }).at(-1)).toBe("SSIM");
    const rows = ladderRows(outputs([video, sound]), { ...quality, renditions: [...quality.renditions] });
    expect(rows.map(({ cells }) => cells.at(-1))).toEqual(["0.9841", "–"]);
  });
});

describe("the bit rates over time", () => {
  test("say which segments lie in a part", () => {
    const chart = bitRateChart(outputs([{ ...video, segments: 5, bit_rates: [1, 2] }]));
    expect(chart?.parts).toEqual(["0:00 – 0:06 · segments 1–3 of 5", "0:06 – 0:12 · segments 3–5 of 5"]);
  });

  test("are on the scale of the finest", () => {
    const chart = bitRateChart(
      outputs([
        { ...video, bit_rates: [8, 4] },
        { ...video, path: "b", bit_rates: [1, 2, 3, 4] },
      ]),
    );
    expect(chart?.series.map(({ values }) => values)).toEqual([
      [8, 8, 4, 4],
      [1, 2, 3, 4],
    ]);
  });

  test("are those of the sound where there is no picture, and none where nothing is known", () => {
    expect(bitRateChart(outputs([{ ...sound, bit_rates: [64_000] }]))?.series[0]?.label).toBe("Sound · de");
    expect(
      bitRateChart(
        outputs([
          { ...video, bit_rates: [5] },
          { ...sound, bit_rates: [6] },
        ]),
      )?.series,
    ).toHaveLength(1);
    expect(bitRateChart(outputs([video, sound]))).toBeUndefined();
  });
});

test("the scores over time say where the film is worst", () => {
  const quality = { metric: "ssim" as const, renditions: [{ ...measured, worst, scores: [0.99, 0.9] }] };
  const chart = qualityChart(quality, outputs([video]));
  expect(chart?.note).toBe("lowest 0.9000 at 0:04 · 1 % of pictures below 0.9100");
  expect(chart?.series[0]).toEqual({ label: "1280×720", colour: "c0", values: [0.99, 0.9] });
});
