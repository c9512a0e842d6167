/** A text that a manifest names whole, as an adaptation set of its own. */
export type ManifestText = {
  /** Its WebVTT, beside the manifest. */
  file: string;
  /** The number of its set and of its representation, which no other has. */
  id: number;
  /** BCP 47; absent where nobody knows it. */
  language?: string | undefined;
  /** What a viewer chooses it by. */
  label: string;
  /** What it is for (ISO/IEC 23009-1, 5.8.5.5). */
  roles: readonly string[];
};

/** A manifest that names these texts behind what it has. */
export const withTexts = (manifest: string, texts: readonly ManifestText[]): string =>
  manifest.replace(/([ \t]*)<\/Period>/, (end, indent: string) =>
    [
      ...texts.map((text) =>
        setOf(text)
          .map((line) => `${indent}\t${line}\n`)
          .join(""),
      ),
      end,
    ].join(""),
  );

const setOf = ({ file, id, language, label, roles }: ManifestText): string[] => [
  `<AdaptationSet id="${id}" contentType="text" mimeType="text/vtt"${language ? ` lang="${escaped(language)}"` : ""}>`,
  ...roles.map((role) => `\t<Role schemeIdUri="urn:mpeg:dash:role:2011" value="${role}" />`),
  `\t<Label>${escaped(label)}</Label>`,
  `\t<Representation id="${id}" bandwidth="1000">`,
  `\t\t<BaseURL>${escaped(file)}</BaseURL>`,
  "\t</Representation>",
  "</AdaptationSet>",
];

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
