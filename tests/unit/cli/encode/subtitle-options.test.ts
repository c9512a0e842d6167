import { expect, test } from "bun:test";
import { Command } from "commander";
import { addSubtitleOptions, subtitlesIn } from "#cli/encode/subtitle-options.ts";

const parsed = (...args: string[]) =>
  subtitlesIn(addSubtitleOptions(new Command("x").exitOverride()).parse(args, { from: "user" }).opts());

test("subtitles have an option for each of their fields", () => {
  const url = "https://example.com/a.srt";
  const more =
    "--subtitles-language de --subtitles-name Deutsch --subtitles-mode embed --subtitles-forced --subtitles-default";
  expect(parsed("--subtitles", url, ...more.split(" "))).toEqual({
    subtitles: [{ url, language: "de", name: "Deutsch", mode: "embed", forced: true, default: true }],
  });
  expect(parsed("--subtitles", "pt-BR")).toEqual({ subtitles: [{ track: "pt-BR" }] });
  expect(parsed("--subtitles", "2")).toEqual({ subtitles: [{ track: 2 }] });
  expect(parsed()).toEqual({});
});
