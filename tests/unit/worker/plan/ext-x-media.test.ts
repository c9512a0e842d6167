import { expect, test } from "bun:test";
import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import { mainFirst } from "#worker/ffmpeg/role.ts";
import { mediaAttributes } from "#worker/plan/ext-x-media.ts";

type Of = { language?: string; title?: string; is?: readonly string[] };
let index = 0;
const track = ({ language, title, is = [] }: Of = {}) => ({
  index: index++,
  codec: "aac",
  channels: 2,
  language,
  ...purposeOf({ disposition: Object.fromEntries(is.map((name) => [name, 1])), tags: { title } }),
});
const named = (kind: "audio" | "subtitles", ...tracks: readonly Of[]) =>
  mediaAttributes(kind, tracks.map(track)).map(({ NAME = "" }) => String(NAME).slice(1, -1));
const told = (kind: "audio" | "subtitles", of: Of) => mediaAttributes(kind, [track({ language: "eng" }), track(of)])[1];

test.each<["audio" | "subtitles", Of, string]>([
  ["audio", { language: "ger" }, "German"],
  ["audio", {}, "Track 1"],
  ["audio", { title: "Isolated score", language: "eng" }, "Isolated score"],
  ["audio", { language: "eng", is: ["comment"] }, "English (commentary)"],
  ["audio", { language: "eng", title: "Director's commentary" }, "Director's commentary"],
  ["audio", { title: "The director", is: ["comment"] }, "The director (commentary)"],
  ["audio", { language: "eng", is: ["visual_impaired"] }, "English (audio description)"],
  ["subtitles", { language: "fre", is: ["forced"] }, "French (forced)"],
  ["subtitles", { language: "fre", is: ["hearing_impaired"] }, "French (SDH)"],
  ["subtitles", { language: "fre", is: ["captions", "forced"] }, "French (forced, SDH)"],
  ["subtitles", { language: "fre", title: 'Les "signes"\n[Forced]' }, "Les 'signes' [Forced]"],
])("%s of %p is called %s", (kind, of, name) => {
  expect(named(kind, of)).toEqual([name]);
});

test("no two of a group have one name", () => {
  const stereo = { title: "Stereo" };
  expect(named("audio", { language: "eng" }, { language: "eng" }, {}, {})).toEqual([
    ...["English", "English 2"],
    ...["Track 3", "Track 4"],
  ]);
  expect(named("audio", { ...stereo, language: "eng" }, { ...stereo, language: "ger" }, stereo)).toEqual([
    ...["Stereo (English)", "Stereo (German)", "Stereo"],
  ]);
});

test.each<["audio" | "subtitles", Of, object]>([
  ["audio", { language: "ger" }, { DEFAULT: "NO", AUTOSELECT: "YES" }],
  ["audio", { language: "eng" }, { DEFAULT: "NO", AUTOSELECT: "NO" }],
  ["audio", { language: "eng", is: ["comment", "default"] }, { DEFAULT: "NO", AUTOSELECT: "NO" }],
  [
    "audio",
    { language: "eng", is: ["visual_impaired"] },
    { DEFAULT: "NO", AUTOSELECT: "YES", CHARACTERISTICS: '"public.accessibility.describes-video"' },
  ],
  ["subtitles", { language: "eng", is: ["forced", "default"] }, { DEFAULT: "NO", AUTOSELECT: "YES", FORCED: "YES" }],
  ["subtitles", { language: "eng", title: "Not forced" }, { DEFAULT: "NO", AUTOSELECT: "NO" }],
  [
    "subtitles",
    { language: "eng", is: ["hearing_impaired"] },
    {
      ...{ DEFAULT: "NO", AUTOSELECT: "YES" },
      CHARACTERISTICS:
        '"public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"',
    },
  ],
])("beside an English one, %s of %p says %p", (kind, of, attributes) => {
  const { NAME: _name, LANGUAGE: _language, ...said } = told(kind, of) ?? {};
  expect(said).toEqual({ ...attributes });
});

test("the first sound is the default one, and no text is", () => {
  const defaults = (kind: "audio" | "subtitles") =>
    mediaAttributes(kind, [track(), track({ is: ["default"] })]).map(({ DEFAULT }) => DEFAULT);
  expect(defaults("audio")).toEqual(["YES", "NO"]);
  expect(defaults("subtitles")).toEqual(["NO", "NO"]);
});

test.each<[string, readonly Of[], readonly string[]]>([
  ["as it is", [{ title: "a" }, { title: "b" }], ["a", "b"]],
  ["the default one first", [{ title: "a" }, { title: "b", is: ["default"] }, { title: "c" }], ["b", "a", "c"]],
  [
    "commentary last, though it is the default",
    [{ title: "a", is: ["comment", "default"] }, { title: "b" }],
    ["b", "a"],
  ],
  ["what is called a commentary last", [{ title: "Commentary" }, { title: "b" }], ["b", "Commentary"]],
  ["a description last", [{ title: "a", is: ["visual_impaired"] }, { title: "b" }], ["b", "a"]],
  ["nothing but commentary", [{ title: "a", is: ["comment"] }], ["a"]],
])("sound comes %s", (_, tracks, order) => {
  expect(mainFirst(tracks.map(track)).map(({ title }) => String(title))).toEqual([...order]);
});

test("subtitles are the default where the order says so, and not where only the source does", () => {
  const subtitles = { ...track({ language: "eng", is: ["default"] }), codec: "webvtt" };
  expect(mediaAttributes("subtitles", [subtitles])[0]).toMatchObject({ DEFAULT: "NO" });
  const ordered = mediaAttributes("subtitles", [{ ...subtitles, text: "WEBVTT\n" }])[0];
  expect(ordered).toMatchObject({ DEFAULT: "YES", AUTOSELECT: "YES" });
});
