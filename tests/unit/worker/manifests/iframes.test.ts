import { expect, test } from "bun:test";
import { iframePlaylist, iframesName, variantsIn, withIframes, withoutIframes } from "#worker/manifests/iframes.ts";

const media = {
  init: "init_0.mp4",
  segments: [
    { name: "segment_0_000.m4s", seconds: 6 },
    { name: "segment_0_001.m4s", seconds: 1.5 },
  ],
  targetDuration: 6,
  isEnded: true,
  isEncrypted: false,
};
const ends = new Map([
  ["segment_0_000.m4s", 6_000],
  ["segment_0_001.m4s", 750],
]);
const playlist = iframePlaylist(media, (name) => ends.get(name)) ?? "";

test("the first picture of each segment is a part of it", () => {
  expect(playlist).toBe(
    [
      ...["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:6", "#EXT-X-MEDIA-SEQUENCE:0"],
      ...["#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-I-FRAMES-ONLY", '#EXT-X-MAP:URI="init_0.mp4"'],
      ...["#EXTINF:6.000000,", "#EXT-X-BYTERANGE:6000@0", "segment_0_000.m4s"],
      ...["#EXTINF:1.500000,", "#EXT-X-BYTERANGE:750@0", "segment_0_001.m4s", "#EXT-X-ENDLIST", ""],
    ].join("\n"),
  );
  expect(iframePlaylist({ ...media, init: undefined }, () => 1)).not.toContain("#EXT-X-MAP");
});

test("of what is encrypted, or not known of every segment, there is none", () => {
  expect(iframePlaylist({ ...media, isEncrypted: true }, () => 1)).toBeUndefined();
  expect(iframePlaylist(media, (name) => (name.endsWith("000.m4s") ? 1 : undefined))).toBeUndefined();
  expect(iframePlaylist({ ...media, segments: [] }, () => 1)).toBeUndefined();
});

const master = `#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=9000,RESOLUTION=640x360,VIDEO-RANGE=SDR,CODECS="avc1.64001e,mp4a.40.2",AUDIO="audio"
stream_0.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=5000
stream_1.m3u8
`;

test("a master playlist names them, each with what it is and needs", () => {
  expect(variantsIn(master)).toEqual(["stream_0.m3u8", "stream_1.m3u8"]);
  const named = withIframes(master, new Map([["stream_0.m3u8", playlist]]));
  expect(named).toBe(
    `${master}#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=8000,AVERAGE-BANDWIDTH=7200,RESOLUTION=640x360,VIDEO-RANGE=SDR,` +
      'CODECS="avc1.64001e",URI="stream_0_iframes.m3u8"\n',
  );
  expect(withIframes(named, new Map([["stream_0.m3u8", playlist]]))).toBe(named);
  expect(withoutIframes(named)).toBe(master);
  expect(iframesName("media_2.m3u8")).toBe("media_2_iframes.m3u8");
});
