import { expect, test } from "bun:test";
import type { SubtitleOrder } from "#shared/job/subtitles.ts";
import { subtitlesFromMessage, subtitlesIn, subtitlesToMessage } from "#shared/rpc/subtitles-message.ts";

const url = "https://example.com/film.de.srt";

test("subtitles come back from their messages as they were", () => {
  const ordered: SubtitleOrder[] = [
    { url, language: "pt-BR", name: "Português", mode: "render", forced: false, default: true },
    { track: 3 },
    { track: "de", mode: "burn", forced: true },
  ];
  expect(subtitlesFromMessage(subtitlesToMessage(ordered))).toEqual(ordered);
  expect(subtitlesFromMessage([])).toBeUndefined();
});

test("a message with values of no order is none", () => {
  expect(subtitlesIn([{}])).toEqual([{}]);
  expect(subtitlesFromMessage([{ url, track: "1" }])).toBeUndefined();
  expect(subtitlesFromMessage([{ url, mode: "paint" }])).toBeUndefined();
});
