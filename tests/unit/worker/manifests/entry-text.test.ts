import { expect, test } from "bun:test";
import { masterPlaylist as master, mediaPlaylist as media } from "#tests/support/playlist-texts.ts";
import { filesNamedIn, withPrefix } from "#worker/manifests/entry-text.ts";

test("a playlist names its media in a folder, but keys where they are", () => {
  expect(withPrefix(media, "a-2/")).toBe(
    media.replace("init_0.mp4", "a-2/init_0.mp4").replace("segment_0", "a-2/segment_0"),
  );
  expect(withPrefix(master, "a-2/")).toBe(master.replaceAll("stream_", "a-2/stream_"));
});

test("a manifest names its media by a base", () => {
  expect(withPrefix('<?xml?>\n<MPD type="static">\n</MPD>', "a-2/")).toContain(
    '<MPD type="static">\n\t<BaseURL>a-2/</BaseURL>',
  );
});

test("an entry that names the folder already stays as it is", () => {
  for (const text of [media, master, '<MPD type="static">\n</MPD>']) {
    const named = withPrefix(text, "a-2/");
    expect(withPrefix(named, "a-2/")).toBe(named);
  }
});

test("without a folder an entry stays as it is", () => {
  expect(withPrefix(master, "")).toBe(master);
});

test("tells what a playlist names beside itself", () => {
  expect(filesNamedIn(media).sort()).toEqual(["init_0.mp4", "segment_0_000.m4s"]);
  expect(filesNamedIn(master).sort()).toEqual(["stream_0.m3u8", "stream_audio.m3u8"]);
});
