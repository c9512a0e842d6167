import { expect, test } from "bun:test";
import { masterPlaylist as master, mediaPlaylist as media } from "#tests/support/playlist-texts.ts";
import { attributesOf, closedAsVod, readMediaPlaylist, urisIn } from "#worker/manifests/playlist.ts";

test("a playlist that grew is closed", () => {
  expect(closedAsVod(media)).toBe(media.replace("EVENT", "VOD"));
});

test("a playlist without a type gets one", () => {
  const text = media.replace("#EXT-X-PLAYLIST-TYPE:EVENT\n", "");
  expect(closedAsVod(text)).toContain("#EXT-X-TARGETDURATION:4\n#EXT-X-PLAYLIST-TYPE:VOD\n");
});

test("a master playlist and a manifest have no type", () => {
  expect(closedAsVod(master)).toBe(master);
  expect(closedAsVod("<MPD></MPD>")).toBe("<MPD></MPD>");
});

test("reads a media playlist", () => {
  expect(readMediaPlaylist(media)).toEqual({
    init: "init_0.mp4",
    segments: [{ name: "segment_0_000.m4s", seconds: 4 }],
    targetDuration: 4,
    isEnded: true,
    isEncrypted: true,
  });
  expect(readMediaPlaylist(master)).toMatchObject({ init: undefined, isEnded: false, isEncrypted: false });
});

test("tells all that a playlist names", () => {
  expect(urisIn(media).sort()).toEqual(["https://keys.example.com/1", "init_0.mp4", "segment_0_000.m4s"]);
  expect(urisIn(master).sort()).toEqual(["stream_0.m3u8", "stream_audio.m3u8"]);
});

test("a segment that is a part of a file has a size of its own", () => {
  const text = "#EXTM3U\n#EXTINF:2.000,\n#EXT-X-BYTERANGE:1200@0\nall.ts\n#EXTINF:1.5,\n#EXT-X-BYTERANGE:800\nall.ts\n";
  expect(readMediaPlaylist(text).segments).toEqual([
    { name: "all.ts", seconds: 2, bytes: 1_200 },
    { name: "all.ts", seconds: 1.5, bytes: 800 },
  ]);
});

test("attributes are read whatever is in their quotes", () => {
  expect(attributesOf('#EXT-X-MEDIA:TYPE=AUDIO,NAME="a, URI=b,GROUP-ID=c",URI="stream_audio.m3u8"')).toEqual({
    TYPE: "AUDIO",
    NAME: "a, URI=b,GROUP-ID=c",
    URI: "stream_audio.m3u8",
  });
});
