import { expect, test } from "bun:test";
import { noSubtitles, subtitlesOf } from "#dashboard/subtitle-form.ts";

test("subtitles are ordered where their file or track is written", () => {
  expect(subtitlesOf({ ...noSubtitles, language: "de", mode: "burn" })).toEqual({});
  expect(
    subtitlesOf({ source: " https://example.com/de.srt ", language: "de", name: "Deutsch", mode: "burn", shown: "" }),
  ).toEqual({
    subtitles: [{ url: "https://example.com/de.srt", language: "de", name: "Deutsch", mode: "burn" }],
  });
});

test("a number and a language name a track, and how it is shown is one of its marks", () => {
  expect(subtitlesOf({ ...noSubtitles, source: "3", shown: "default" })).toEqual({
    subtitles: [{ track: 3, default: true }],
  });
  expect(subtitlesOf({ ...noSubtitles, source: "pt-BR", shown: "forced" })).toEqual({
    subtitles: [{ track: "pt-BR", forced: true }],
  });
  expect(subtitlesOf({ ...noSubtitles, source: "de.srt" })).toEqual({ subtitles: [{ url: "de.srt" }] });
});
