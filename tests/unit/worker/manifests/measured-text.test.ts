import { expect, test } from "bun:test";
import { withMeasuredRepresentations, withMeasuredVariants } from "#worker/manifests/measured-text.ts";

const master = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="A, URI=b",URI="stream_audio.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="B",URI="stream_audio_1.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="other",NAME="C",URI="stream_other.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="D",URI="stream_subtitles_0.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=9000,AVERAGE-BANDWIDTH=8000,RESOLUTION=640x360,CODECS="avc1.64001e,mp4a.40.2",AUDIO="audio",SUBTITLES="subtitles"
stream_0.m3u8
#EXT-X-STREAM-INF:PROGRAM-ID=1,BANDWIDTH=5000

stream_1.m3u8
`;

const peak = (bits: number) => ({ bytes: 0, seconds: 0, peak: bits, average: 1 });

const measured = Object.entries({
  "stream_0.m3u8": { peak: 1_000.2, average: 500 },
  "stream_1.m3u8": { peak: 400, average: 300 },
  "stream_audio.m3u8": { peak: 100, average: 50 },
  "stream_audio_1.m3u8": { peak: 80, average: 70 },
  "stream_other.m3u8": { peak: 7_000, average: 7_000 },
  "stream_subtitles_0.m3u8": { peak: 3, average: 1 },
});
const rates = new Map(measured.map(([name, rates]) => [name, { rates: { bytes: 0, seconds: 0, ...rates } }]));
const ratesOf = (name: string) => rates.get(name) ?? {};

test("a variant needs what it needs itself, and the most of each group that it plays with", () => {
  const text = withMeasuredVariants(master, ratesOf);
  expect(text).toContain(
    '\n#EXT-X-STREAM-INF:BANDWIDTH=1104,AVERAGE-BANDWIDTH=571,RESOLUTION=640x360,CODECS="avc1.64001e,mp4a.40.2",AUDIO="audio",SUBTITLES="subtitles"\n',
  );
  expect(text).toContain("\n#EXT-X-STREAM-INF:BANDWIDTH=400,AVERAGE-BANDWIDTH=300,PROGRAM-ID=1\n\nstream_1.m3u8\n");
  expect(withMeasuredVariants(text, ratesOf)).toBe(text);
});

test("a variant of which something is unknown stays as it is", () => {
  const measured = withMeasuredVariants(master, (name) => (name === "stream_audio.m3u8" ? {} : ratesOf(name)));
  expect(measured).toContain("BANDWIDTH=9000,AVERAGE-BANDWIDTH=8000,");
  expect(measured).toContain("BANDWIDTH=400,");
});

test("a playlist of media stays as it is", () => {
  const media = "#EXTM3U\n#EXTINF:4,\nsegment_000.ts\n";
  expect(withMeasuredVariants(media, () => ({ rates: peak(1) }))).toBe(media);
});

test("a representation needs its peak", () => {
  const text = '<Representation id="0" codecs="avc1" bandwidth="9000" width="2"><Representation id="1" bandwidth="5">';
  expect(withMeasuredRepresentations(text, (name) => (name === "representation 0" ? { rates: peak(8.5) } : {}))).toBe(
    '<Representation id="0" codecs="avc1" bandwidth="9" width="2"><Representation id="1" bandwidth="5">',
  );
});

test("a variant says what it holds, and what of each group may play with it", () => {
  const holds = new Map([
    ["stream_0.m3u8", ["hvc1.1.6.L93.90"]],
    ["stream_audio.m3u8", ["mp4a.40.2"]],
    ["stream_audio_1.m3u8", ["mp4a.40.5"]],
  ]);
  const known = (name: string) => (holds.has(name) ? { codecs: holds.get(name) ?? [] } : {});
  expect(withMeasuredVariants(master, known)).toContain('CODECS="hvc1.1.6.L93.90,mp4a.40.2,mp4a.40.5",AUDIO=');
  holds.delete("stream_audio_1.m3u8");
  expect(withMeasuredVariants(master, known)).toBe(master);
});

test("what is said with its colour stays, and an empty name is filled", () => {
  const codecs = ["av01.0.00M.10"];
  const said = (text: string) =>
    withMeasuredRepresentations(`<Representation id="0" codecs="${text}">`, () => ({ codecs }));
  expect(said("av01.0.00M.10.0.110.09.16.09.0")).toBe(
    '<Representation id="0" codecs="av01.0.00M.10.0.110.09.16.09.0">',
  );
  expect(said("")).toBe('<Representation id="0" codecs="av01.0.00M.10">');
  expect(said("av01.0.01M.08")).toBe('<Representation id="0" codecs="av01.0.00M.10">');
});
