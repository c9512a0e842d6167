import { beforeAll, expect, test } from "bun:test";
import { clip } from "#tests/support/clips.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";
import { violationsIn } from "#tests/support/rules/check.ts";
import { explained } from "#tests/support/rules/explained.ts";
import type { File } from "#tests/support/rules/rule.ts";
import { asDelivered, makeOutput } from "./work.ts";

let files: File[];
const entries = ["master.m3u8", "manifest.mpd"];

beforeAll(async () => {
  const preset = segmentedShapes.find(({ name }) => name === "cmaf");
  if (!preset) throw new Error("no preset of CMAF");
  const made = await makeOutput(await clip({ seconds: 4, languages: ["eng"] }), preset);
  files = made.files
    .map(asDelivered)
    .map(({ name, bytes, text }) => ({ name, bytes, ...(text !== undefined && { text }) }));
});

const isNew = (before: readonly { rule: string }[]) => (one: { rule: string }) =>
  !before.some(({ rule }) => rule === one.rule);

test.each([
  ["master.m3u8", /,AVERAGE-BANDWIDTH=\d+/, "", "Apple 9.14"],
  ["master.m3u8", /,CODECS="[^"]*"/, "", "Apple 9.1"],
  ["master.m3u8", /,RESOLUTION=\d+x\d+/, "", "Apple 9.2"],
  ["master.m3u8", /,FRAME-RATE=[\d.]+/, "", "Apple 9.15"],
  ["master.m3u8", /,CLOSED-CAPTIONS=NONE/, "", "RFC 8216 4.3.4.2"],
  ["master.m3u8", /,LANGUAGE="en"/, "", "Apple 8.10"],
  ["master.m3u8", /#EXT-X-INDEPENDENT-SEGMENTS\n/, "", "Apple 9.11"],
  ["master.m3u8", /#EXT-X-I-FRAME-STREAM-INF.*\n/g, "", "Apple 6.1"],
  ["media_0.m3u8", /#EXT-X-ENDLIST/, "", "RFC 8216 4.3.3.4"],
  ["media_0.m3u8", /PLAYLIST-TYPE:VOD/, "PLAYLIST-TYPE:EVENT", "Apple 8.6"],
  ["media_0.m3u8", /TARGETDURATION:2/, "TARGETDURATION:3", "Apple 8.2"],
  ["media_0.m3u8", /chunk_0_00001/, "chunk_0_00009", "RFC 8216 3"],
  ["media_2.m3u8", /EXTINF:1\.9/, "EXTINF:1.5", "Apple 8.3"],
  ["manifest.mpd", / par="[^"]*"/, "", "IOP 3.2.4: sets of pictures"],
  ["manifest.mpd", / sar="[^"]*"/, "", "IOP 3.2.4: representations of pictures"],
  ["manifest.mpd", / lang="[^"]*"/, "", "IOP 3.2.4: sets of sound"],
  ["manifest.mpd", /<AudioChannelConfiguration[^>]*>/, "", "IOP 3.2.4: representations of sound"],
  ["manifest.mpd", /<Role [^>]*>/, "", "ISO/IEC 23009-1 5.8.5.5"],
  ["manifest.mpd", /mediaPresentationDuration="PT4/, 'mediaPresentationDuration="PT5', "ISO/IEC 23009-1 5.3.1.2"],
  ["manifest.mpd", /\bminBufferTime="[^"]*"/, "", "ISO/IEC 23009-1 5.3.1.2: the attributes"],
  ["manifest.mpd", /<S t="0" d="\d+"/, '<S t="0" d="1000"', "ISO/IEC 23009-1 5.3.3.2"],
] as const)("in %s, %p made %p breaks %s", (name, wanted, replacement, rule) => {
  const before = violationsIn(entries, files);
  const changed = files.map((file) =>
    file.name === name ? { ...file, text: file.text?.replace(wanted, replacement) ?? "" } : file,
  );
  expect(changed).not.toEqual(files);
  const rules = violationsIn(entries, changed).filter(isNew(before));
  expect(rules.map((one) => one.rule).find((one) => one.startsWith(rule))).toBeDefined();
});

test("what outputs may break is explained", async () => {
  const docs = await Bun.file("docs/presets.md").text();
  const rows = [...docs.matchAll(/^\| ((?:Apple|IOP) \d[^|]*?) \|/gm)].map(([, rule]) => rule);
  expect(rows).toEqual(explained.map(({ rule }) => rule));
});
