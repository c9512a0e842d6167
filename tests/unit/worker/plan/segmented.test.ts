import { expect, test } from "bun:test";
import { source } from "#tests/support/plan-sources.ts";
import { anyCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import { plan } from "#worker/plan/decide.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";

const presets = await loadPresets();
const place = { input: "/jobs/source", outputDir: "/jobs/out", stem: "video_123" };
const planned = (name: string, probe = source(), more = {}) =>
  plan(presetNamed(presets, name), probe, { ...place, ...more }, anyCapabilities);
const settingOf = (args: readonly string[], option: string) => args[args.indexOf(option) + 1];
const track = (index: number, language?: string) => ({ index, codec: "aac", channels: 2, language, ...purposeOf({}) });

test("one rendition is one playlist with its segments", () => {
  const { args, entries, outputType, samples } = planned("hls_720p");
  expect(args.at(-1)).toBe("/jobs/out/playlist.m3u8");
  expect(settingOf(args, "-hls_segment_filename")).toBe("/jobs/out/segment_%03d.ts");
  expect({ entries, outputType, samples }).toEqual({
    entries: ["playlist.m3u8", "master.m3u8"],
    outputType: "hls",
    samples: ["segment_000.ts"],
  });
});

test.each([
  ["mpegts", ["stream_audio.m3u8", "stream_audio_1.m3u8"]],
  ["fmp4", []],
] as const)(
  "beside one rendition in %s a master playlist names a copy of its playlist, and each sound",
  (format, sounds) => {
    const preset = presetNamed(presets, "hls_720p");
    if (preset.output_type !== "hls" || !("segments" in preset)) throw new Error("not segmented");
    const probe = source({}, { audio: [track(1, "eng"), track(2, "ger")] });
    const { derived, divided } = plan({ ...preset, segments: { seconds: 6, format } }, probe, place, anyCapabilities);
    expect(divided?.map(({ from, names, texts }) => ({ from, names, texts: texts("whole") }))).toEqual([
      { from: "playlist.m3u8", names: ["stream_0.m3u8"], texts: ["whole"] },
    ]);
    expect(derived?.map(({ name }) => name)).toEqual(["master.m3u8"]);
    const master = derived?.[0]?.text([]) ?? "";
    expect(master.match(/^stream_.*$/gm)).toEqual(["stream_0.m3u8"]);
    expect([...master.matchAll(/URI="([^"]*)"/g)].map(([, uri]) => uri)).toEqual([...sounds]);
  },
);

test("a ladder is a master playlist, and a playlist for each rendition and sound track", () => {
  const { args, entries, derived } = planned("hls_720p_abr", source({}, { audio: [track(1, "eng"), track(2, "ger")] }));
  expect(entries).toEqual(["master.m3u8"]);
  expect(settingOf(args, "-var_stream_map")).toBe(
    "v:0,agroup:audio,name:0 v:1,agroup:audio,name:1 v:2,agroup:audio,name:2 " +
      "a:0,agroup:audio,name:audio a:1,agroup:audio,name:audio_1",
  );
  expect(derived?.map(({ name }) => name)).toEqual(["master.m3u8"]);
  expect(derived?.[0]?.text([])).toBe(`#EXTM3U
#EXT-X-VERSION:6
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="stream_audio.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="German",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="2",URI="stream_audio_1.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=4389248,AVERAGE-BANDWIDTH=3329248,RESOLUTION=1280x720,FRAME-RATE=24.000,VIDEO-RANGE=SDR,CODECS="avc1.64001f,mp4a.40.2",AUDIO="audio",CLOSED-CAPTIONS=NONE
stream_0.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=2269248,AVERAGE-BANDWIDTH=1739248,RESOLUTION=852x480,FRAME-RATE=24.000,VIDEO-RANGE=SDR,CODECS="avc1.64001e,mp4a.40.2",AUDIO="audio",CLOSED-CAPTIONS=NONE
stream_1.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=1421248,AVERAGE-BANDWIDTH=1103248,RESOLUTION=640x360,FRAME-RATE=24.000,VIDEO-RANGE=SDR,CODECS="avc1.64001e,mp4a.40.2",AUDIO="audio",CLOSED-CAPTIONS=NONE
stream_2.m3u8
`);
});

test.each([
  [854, 480, "854x480 640x360"],
  [1_920, 1_036, "1334x720 888x480 666x360"],
])("of a source of %ix%i the renditions above it are dropped", (width, height, sizes) => {
  const { derived } = planned("hls_1080p_abr", source({ width, height }));
  const text = derived?.[0]?.text([]);
  expect(text?.match(/(?<=RESOLUTION=)\d+x\d+/g)?.join(" ")).toBe(sizes);
});

test("a source below the smallest rung becomes one rendition of its own size", () => {
  const { derived } = planned("hls_720p_abr", source({ width: 320, height: 180 }));
  expect(derived?.[0]?.text([]).match(/RESOLUTION=\d+x\d+/g)).toEqual(["RESOLUTION=320x180"]);
});

test("the init segment of an only rendition has a name of its own", () => {
  const silent = { width: 320, height: 180 };
  const { args } = planned("hls_720p_abr_fmp4", source(silent, { audio: [] }));
  expect(settingOf(args, "-hls_fmp4_init_filename")).toBe("init_0.mp4");
  expect(settingOf(planned("hls_720p_abr_fmp4").args, "-hls_fmp4_init_filename")).toBe("init_%v.mp4");
});

test("a silent source has no group of sound", () => {
  const { args, derived } = planned("hls_720p_abr", source({}, { audio: [] }));
  expect(settingOf(args, "-var_stream_map")).toBe("v:0,name:0 v:1,name:1 v:2,name:2");
  expect(derived?.[0]?.text([])).not.toContain("mp4a");
});

test("every rendition has the same rate and keyframes, and segments are whole groups of pictures", () => {
  const { args } = planned("hls_720p_abr", source({ averageRate: 29.97, nominalRate: 29.97 }));
  expect(settingOf(args, "-filter_complex")).toMatch(
    /split=3.*(fps@steady=30000\/1001:start_time=0,tpad=stop=-1:stop_mode=clone,trim=end_frame=300.*){3}/,
  );
  expect([0, 1, 2].map((at) => settingOf(args, `-g:v:${at}`))).toEqual(["60", "60", "60"]);
  expect(settingOf(args, "-hls_time")).toBe("6.006000");
});

test("text subtitles become renditions where the preset asks, pictures of text do not", () => {
  const subtitles = [
    { index: 2, codec: "subrip", language: "fre", ...purposeOf({}) },
    { index: 3, codec: "hdmv_pgs_subtitle", language: "eng", ...purposeOf({}) },
  ];
  const { args, derived, converted, divided, files } = planned("hls_720p_abr_subtitles", source({}, { subtitles }));
  expect(args.join(" ")).toContain("-map 0:2 -c:s ass");
  expect(args.at(-1)).toBe("/jobs/out/subtitles_0.ass");
  expect(converted).toMatchObject([{ from: "subtitles_0.ass", name: "subtitles_0.vtt" }]);
  const parts = ["subtitles_0_000.vtt", "subtitles_0_001.vtt"];
  expect(files.map(({ name }) => name)).toEqual(["master.m3u8", "subtitles_0.vtt", ...parts]);
  expect(divided).toMatchObject([{ from: "subtitles_0.vtt", names: parts }]);
  expect(derived?.[0]?.text([])).toContain(
    "#EXT-X-TARGETDURATION:6\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n" +
      "#EXTINF:6.000000,\nsubtitles_0_000.vtt\n#EXTINF:4.000000,\nsubtitles_0_001.vtt\n#EXT-X-ENDLIST",
  );
  expect(derived?.[1]?.text([])).toContain('NAME="French",LANGUAGE="fr"');
  expect(planned("hls_720p_abr", source({}, { subtitles })).args).not.toContain("ass");
});

test("WebVTT of the source is copied", () => {
  const subtitles = [{ index: 2, codec: "webvtt", language: "fre", ...purposeOf({}) }];
  const { args, converted } = planned("hls_720p_abr_subtitles", source({}, { subtitles }));
  expect(args.join(" ")).toContain("-map 0:2 -c:s copy -f webvtt");
  expect(args.at(-1)).toBe("/jobs/out/subtitles_0.vtt");
  expect(converted).toBeUndefined();
});

test("CMAF has both entries over the media of DASH", () => {
  const { entries, args, derived } = planned("cmaf_1080p_abr");
  expect(entries).toEqual(["master.m3u8", "manifest.mpd"]);
  expect(settingOf(args, "-adaptation_sets")).toBe("id=0,streams=0,1,2,3 id=1,streams=4");
  expect(derived?.[0]?.text([])).toContain('URI="media_4.m3u8"');
});

test("renditions of DASH have one shape, though their sides are rounded", () => {
  const { args } = planned("dash_1080p");
  expect(settingOf(args, "-filter_complex")?.match(/setdar=dar=[^:]+/g)).toEqual([
    "setdar=dar=1920/1080",
    "setdar=dar=1920/1080",
  ]);
});

test("encryption takes a key", () => {
  expect(() => planned("hls_720p_aes128")).toThrow("there is no key");
  const { args, samples } = planned("hls_720p_aes128", source(), { keyInfoFile: "/jobs/key.info" });
  expect(settingOf(args, "-hls_key_info_file")).toBe("/jobs/key.info");
  expect(samples).toEqual([]);
});

test.each([
  ["segment_000.ts", true],
  ["segment_0_1234.ts", true],
  ["segment_audio_000.m4s", true],
  ["chunk_0_00001.m4s", true],
  ["segment_000.ts.tmp", false],
  ["init_0.m4s", false],
  ["init_0.mp4", false],
  ["playlist.m3u8", false],
  ["subtitles_0.vtt", false],
])("%s is media that stays as it is: %p", (name, isMedia) => {
  expect(planned("hls_720p").isMedia(name)).toBe(isMedia);
});

test("raw arguments may make segments, whose names the preset tells", () => {
  const raw = {
    ...{ name: "mine", description: "Mine", output_type: "hls" as const, extension: "" },
    output_files: ["index.m3u8", "part_%v_%03d.ts", "init.mp4"] as [string, ...string[]],
    ffmpeg_args: ["-c:v", "libx264", "-hls_flags", "independent_segments", "-hls_segment_filename", "part_%v_%03d.ts"],
  };
  const { args, entries, isMedia } = plan(raw, source(), place, anyCapabilities);
  expect(args.slice(-9)).toEqual([
    ...["-f", "hls", "-hls_list_size", "0", "-hls_playlist_type", "event", "-hls_flags", "+temp_file"],
    "/jobs/out/index.m3u8",
  ]);
  expect(entries).toEqual(["index.m3u8"]);
  expect(["part_0_000.ts", "part_en_1000.ts", "part_0_x.ts", "init.mp4", "part_0_000xts"].map(isMedia)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
