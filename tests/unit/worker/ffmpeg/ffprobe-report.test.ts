import { expect, test } from "bun:test";
import { parseProbe } from "#worker/ffmpeg/ffprobe-report.ts";

const video = {
  index: 0,
  codec_type: "video",
  codec_name: "h264",
  width: 1_920,
  height: 1_080,
  sample_aspect_ratio: "4:3",
  pix_fmt: "yuv420p",
  field_order: "tt",
  r_frame_rate: "30000/1001",
  avg_frame_rate: "0/0",
  nb_frames: "240",
  side_data_list: [{}, { rotation: -90 }],
};
const audio = { index: 2, codec_type: "audio", codec_name: "aac", channels: 6, tags: { language: "jpn" } };
const report = (streams: unknown[], duration?: string) =>
  JSON.stringify({ programs: [], streams, format: { format_name: "mov", duration } });

test("reads ratios, rotation and interlacing", () => {
  const probe = parseProbe(report([video, audio], "8.008"));
  expect(probe.durationSeconds).toBe(8.008);
  expect(probe.video).toMatchObject({ rotation: 90, interlaced: true, frames: 240, averageRate: undefined });
  expect(probe.video?.nominalRate).toBeCloseTo(29.97);
  expect(probe.video?.sampleAspect).toBeCloseTo(4 / 3);
  expect(probe.audio).toMatchObject([{ index: 2, codec: "aac", channels: 6, language: "jpn" }]);
});

test("a file is as long as its pictures and sound, whatever its text does", () => {
  const ends = [
    { ...video, start_time: "0.5", duration: "9.0" },
    { ...audio, start_time: "0.0", tags: { DURATION: "00:00:10.250000000" } },
    { index: 3, codec_type: "subtitle", codec_name: "subrip", tags: { language: "fre", DURATION: "00:01:00.0" } },
  ];
  const probe = parseProbe(report(ends, "60.0"));
  expect(probe.durationSeconds).toBe(10.25);
  expect(probe.video?.endSeconds).toBe(9.5);
  expect(probe.subtitles).toMatchObject([{ index: 3, codec: "subrip", language: "fre" }]);
});

test("a track without frames is no video", () => {
  expect(parseProbe(report([{ ...video, nb_frames: "0" }, audio])).video).toBeUndefined();
});

test("does not take a cover picture for video", () => {
  const cover = { ...video, disposition: { attached_pic: 1 } };
  expect(parseProbe(report([cover, audio])).video).toBeUndefined();
  expect(parseProbe(report([cover, { ...video, index: 5 }])).video?.index).toBe(5);
});

test.each([
  ["default", "isDefault"],
  ["forced", "isForced"],
  ["comment", "isComment"],
  ["hearing_impaired", "isHearingImpaired"],
  ["visual_impaired", "isVisualImpaired"],
  ["descriptions", "isDescriptions"],
  ["original", "isOriginal"],
  ["dub", "isDub"],
  ["captions", "isCaptions"],
] as const)("reads the disposition %s of pictures, sound and text", (disposition, name) => {
  const text = { index: 3, codec_type: "subtitle", codec_name: "subrip" };
  const marked = [video, audio, text].map((stream) => ({ ...stream, disposition: { [disposition]: 1 } }));
  const probe = parseProbe(report(marked));
  for (const stream of [probe.video, ...probe.audio, ...probe.subtitles]) {
    expect(Object.entries(stream?.disposition ?? {}).flatMap(([key, is]) => (is ? [key] : []))).toEqual([name]);
  }
});

test.each([
  [{ title: "Director" }, "Director"],
  [{ name: " Dubbed ", handler_name: "SoundHandler" }, "Dubbed"],
  [{ title: " ", handler_name: "SoundHandler" }, undefined],
  [undefined, undefined],
])("of the tags %p the title is %p", (tags, title) => {
  expect(parseProbe(report([{ ...audio, tags }])).audio[0]?.title).toBe(title);
});

test("leaves out audio that nothing decodes", () => {
  const unknown = { ...audio, index: 1, codec_name: "unknown" };
  expect(parseProbe(report([video, unknown, audio])).audio.map(({ index }) => index)).toEqual([2]);
});

test.each([[undefined], ["N/A"], ["0.000000"]])("a duration of %p is unknown", (duration) => {
  expect(parseProbe(report([video], duration)).durationSeconds).toBeUndefined();
});
