import { expect, test } from "bun:test";
import { statedDuration, timelineEnd, withColours, withRoles, withTrueDurations } from "#worker/manifests/dash.ts";

const representation = (timescale: number, segments: string) =>
  `<Representation id="0"><SegmentTemplate timescale="${timescale}" media="chunk.m4s"><SegmentTimeline>${segments}` +
  "</SegmentTimeline></SegmentTemplate></Representation>";

const manifest = (stated: string, ...representations: string[]) =>
  `<MPD type="static" mediaPresentationDuration="${stated}" maxSegmentDuration="PT2.0S" minBufferTime="PT4.0S">` +
  `<Period id="0" start="PT0.0S"><AdaptationSet>${representations.join("")}</AdaptationSet></Period></MPD>`;

const video = representation(12_800, '<S t="0" d="25600" r="1" /><S d="12288" />');
const audio = representation(48_000, '<S t="0" d="96256" /><S d="96256" /><S d="46085" />');

test("a manifest lasts until its longest representation ends", () => {
  const text = withTrueDurations(manifest("PT4.9S", video, audio));
  expect(text).toBe(
    manifest("PT4.970771S", video, audio).replace('maxSegmentDuration="PT2.0S"', 'maxSegmentDuration="PT2.005334S"'),
  );
  expect(statedDuration(text)).toBeGreaterThanOrEqual(timelineEnd(text) ?? Number.NaN);
});

test.each([
  [2_000, "PT2.0S"],
  [59_999, "PT59.999S"],
  [60_000, "PT1M0.0S"],
  [3_600_040, "PT1H0M0.04S"],
  [5_025_500, "PT1H23M45.5S"],
])("%i ms are %s", (ms, stated) => {
  const text = withTrueDurations(manifest("PT0.1S", representation(1_000, `<S t="0" d="${ms}" />`)));
  expect(text).toContain(`mediaPresentationDuration="${stated}"`);
  expect(statedDuration(text)).toBeCloseTo(ms / 1_000, 6);
});

test("a period that has a duration gets the same", () => {
  const text = manifest("PT1.1S", video).replace("<Period", '<Period duration="PT4.9S"');
  expect(withTrueDurations(text)).toContain('<Period duration="PT4.96S"');
});

test("segments that begin late count from where they begin", () => {
  expect(timelineEnd(manifest("PT1.0S", representation(1_000, '<S t="26000" d="2000" r="2" />')))).toBe(32);
});

test("what grows, or has no timeline, stays as it is", () => {
  const growing = manifest("PT4.9S", video).replace("static", "dynamic");
  expect(withTrueDurations(growing)).toBe(growing);
  expect(withTrueDurations(manifest("PT4.9S"))).toBe(manifest("PT4.9S"));
});

test("each adaptation set says what it is for", () => {
  const text =
    '<Period>\n\t\t<AdaptationSet id="0">\n\t\t</AdaptationSet>\n\t\t<AdaptationSet id="1">\n\t\t</AdaptationSet>\n</Period>';
  const role = (value: string) => `\n\t\t\t<Role schemeIdUri="urn:mpeg:dash:role:2011" value="${value}" />`;
  expect(withRoles(text, [["main"], ["alternate", "dub"]])).toBe(
    text.replace('id="0">', `id="0">${role("main")}`).replace('id="1">', `id="1">${role("alternate")}${role("dub")}`),
  );
  expect(withRoles(text, [])).toBe(text);
});

test("sets of pictures say what their colours are, and those of HDR that they must be known", () => {
  const text =
    '<Period>\n\t\t<AdaptationSet id="0">\n\t\t</AdaptationSet>\n\t\t<AdaptationSet id="1">\n\t\t</AdaptationSet>\n</Period>';
  const pq = { matrix: "bt2020nc", primaries: "bt2020", transfer: "smpte2084", range: "tv" } as const;
  const sdr = { matrix: "bt709", primaries: "bt709", transfer: "bt709", range: "tv" } as const;
  const coloured = withColours(text, [
    { colour: pq, isEssential: true },
    { colour: sdr, isEssential: false },
  ]);
  const [first = "", second = ""] = coloured.split("</AdaptationSet>");
  expect(first).toContain('<EssentialProperty schemeIdUri="urn:mpeg:mpegB:cicp:TransferCharacteristics" value="16" />');
  expect(first.match(/Property /g)).toHaveLength(3);
  expect(second).toContain('<SupplementalProperty schemeIdUri="urn:mpeg:mpegB:cicp:ColourPrimaries" value="1" />');
  expect(withColours(text, [])).toBe(text);
});
