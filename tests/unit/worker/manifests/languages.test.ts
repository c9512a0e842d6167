import { expect, test } from "bun:test";
import { languagesIn } from "#worker/manifests/languages.ts";

test("a master playlist tells the language of each rendition that it names one for", () => {
  const master = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="A, LANGUAGE=b",LANGUAGE="ja",URI="stream_audio.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="C",URI="stream_audio_1.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="audio"
stream_0.m3u8
`;
  expect([...languagesIn("master.m3u8", master)]).toEqual([["stream_audio.m3u8", "ja"]]);
});

test("a manifest tells it of all representations of a set", () => {
  const manifest = `<MPD><Period>
<AdaptationSet id="0" contentType="video"><Representation id="0" bandwidth="1"/></AdaptationSet>
<AdaptationSet id="1" contentType="audio" lang="jpn"><Representation id="1"/><Representation id="2"/></AdaptationSet>
</Period></MPD>`;
  expect([...languagesIn("manifest.mpd", manifest)]).toEqual([
    ["representation 1", "jpn"],
    ["representation 2", "jpn"],
  ]);
});
