import { orUndefined } from "#shared/errors.ts";

const names = new Intl.DisplayNames("en", { type: "language" });

/** A language tag of a media file (ISO 639-2, or BCP 47) as playlists write it (BCP 47), and its name; undefined if there is none. */
export function languageOf(tag: string | undefined): { tag: string; name: string } | undefined {
  const [, primary = "", more = ""] = /^([a-z]{2,3})((?:-[a-z0-9]{2,8})*)$/i.exec(tag ?? "") ?? [];
  if (primary === "" || notLanguages.has(primary.toLowerCase())) return undefined;
  const wanted = `${bibliographic[primary.toLowerCase()] ?? primary}${more}`;
  // What is behind a language may be anything; the language itself is sure.
  const [canonical = wanted] = orUndefined(() => Intl.getCanonicalLocales(wanted)) ?? Intl.getCanonicalLocales(primary);
  return { tag: canonical, name: names.of(canonical) ?? canonical };
}

const notLanguages = new Set(["und", "zxx", "mis", "mul"]);

// The older codes of ISO 639-2, which containers still use.
const bibliographic: Readonly<Record<string, string>> = {
  ...{ alb: "sq", arm: "hy", baq: "eu", bur: "my", chi: "zh", cze: "cs", dut: "nl", fre: "fr", geo: "ka", ger: "de" },
  ...{ gre: "el", ice: "is", mac: "mk", mao: "mi", may: "ms", per: "fa", rum: "ro", slo: "sk", tib: "bo", wel: "cy" },
};
