import { expect, test } from "bun:test";
import { withTexts } from "#worker/manifests/dash-texts.ts";
import { dashTracks } from "#worker/manifests/tracks.ts";

const manifest = '<MPD mediaPresentationDuration="PT4.5S">\n\t<Period>\n\t</Period>\n</MPD>\n';
const text = { file: "subtitles_0.vtt", id: 3, language: "de", label: 'Für "alle" & <mehr> $&', roles: ["subtitle"] };

test("a text is an adaptation set of its own, which is read back as one file", () => {
  const whole = withTexts(manifest, [text, { ...text, id: 4, language: undefined }]);
  expect(whole).toContain('<AdaptationSet id="3" contentType="text" mimeType="text/vtt" lang="de">');
  expect(whole).toContain('<AdaptationSet id="4" contentType="text" mimeType="text/vtt">');
  expect(whole).toContain("<Label>Für &quot;alle&quot; &amp; &lt;mehr&gt; $&amp;</Label>");
  expect(dashTracks(whole)).toMatchObject([
    { name: "representation 3", segments: [{ name: "subtitles_0.vtt", seconds: 4.5 }] },
    { name: "representation 4" },
  ]);
});

test("a manifest without texts stays as it is", () => {
  expect(withTexts(manifest, [])).toBe(manifest);
});
