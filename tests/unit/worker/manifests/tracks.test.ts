import { expect, test } from "bun:test";
import { dashTracks, hlsTracks } from "#worker/manifests/tracks.ts";

test("reads a manifest as ffmpeg writes it", () => {
  const template = 'initialization="init_$RepresentationID$.m4s" media="chunk_$RepresentationID$_$Number%05d$.m4s"';
  const manifest = `<MPD><Period>
    <AdaptationSet id="0" contentType="video">
      <Representation id="0" mimeType="video/mp4" codecs="avc1.64001f">
        <SegmentTemplate timescale="1000" ${template} startNumber="1">
          <SegmentTimeline><S t="0" d="4000" r="1" /><S d="500" /></SegmentTimeline>
        </SegmentTemplate>
      </Representation>
    </AdaptationSet>
  </Period></MPD>`;
  expect(dashTracks(manifest)).toEqual([
    {
      name: "representation 0",
      init: "init_0.m4s",
      segments: [
        { name: "chunk_0_00001.m4s", seconds: 4 },
        { name: "chunk_0_00002.m4s", seconds: 4 },
        { name: "chunk_0_00003.m4s", seconds: 0.5 },
      ],
      targetDuration: 4,
      isEnded: true,
      isEncrypted: false,
    },
  ]);
});

test("a media playlist is its own only track", () => {
  const text =
    "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4.0,\nsegment_000.ts\n#EXTINF:1.5,\nsegment_001.ts\n#EXT-X-ENDLIST\n";
  expect(hlsTracks("playlist.m3u8", () => text)).toEqual([
    {
      name: "playlist.m3u8",
      init: undefined,
      segments: [
        { name: "segment_000.ts", seconds: 4 },
        { name: "segment_001.ts", seconds: 1.5 },
      ],
      targetDuration: 4,
      isEnded: true,
      isEncrypted: false,
    },
  ]);
});
