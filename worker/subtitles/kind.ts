export type TextKind = "subrip" | "ass" | "webvtt";

/** The ending of a file of each kind. */
export const endings: Readonly<Record<TextKind, string>> = { subrip: "srt", ass: "ass", webvtt: "vtt" };

/** What is looked at of a text; files may begin with comments. */
const headLength = 65_536;

/** Which format of subtitles a text is in; undefined where it is none that is read. */
export function kindOf(text: string): TextKind | undefined {
  const head = text.slice(0, headLength).trimStart();
  if (/^WEBVTT(?=\s|$)/.test(head)) return "webvtt";
  if (/^\[(script info|v4\+? styles|events)\]/im.test(head) && /^(dialogue|style|format|scripttype):/im.test(head))
    return "ass";
  return /^[ \t]*\d+:\d\d:\d\d[,.]\d{1,3}[ \t]*-->[ \t]*\d+:\d\d:\d\d[,.]\d{1,3}/m.test(head) ? "subrip" : undefined;
}

/** The text of a file as other programs read it without surprise: with plain line breaks, and no control characters. */
export const cleanText = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[\u0085\u2028\u2029]/g, "\n")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is left out.
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufeff]/g, "");
