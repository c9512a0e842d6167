import type { File } from "./rule.ts";

/**
 * What outputs may break: the beginning of a rule's name, as the table in docs/presets.md has it in its first column, and
 * where that holds.
 */
export const explained: readonly {
  rule: string;
  holds(entries: readonly string[], files: readonly File[]): boolean;
}[] = [
  {
    rule: "Apple 6.1",
    holds: ([entry], files) =>
      files.some(({ text }) => text?.includes("#EXT-X-KEY")) ||
      (entry === "playlist.m3u8" && !files.some(({ name }) => name === "stream_audio.m3u8")),
  },
  { rule: "Apple 7.5", holds: () => true },
  { rule: "Apple 8.10", holds: () => true },
  { rule: "Apple 9.5", holds: ([entry]) => entry === "playlist.m3u8" },
  { rule: "Apple 9.9", holds: () => true },
  { rule: "IOP 3.2.4: sets of sound", holds: () => true },
];
