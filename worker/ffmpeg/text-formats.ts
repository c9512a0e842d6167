/** What texts of a kind begin with, after blanks and a byte order mark, and what to call such a file. */
const texts: readonly (readonly [beginning: RegExp, name: string])[] = [
  [/^#EXTM3U[\s\S]*#EXT-X-/, "an HLS playlist"],
  [/^#EXTM3U/, "an M3U playlist"],
  [/^\[playlist\]/i, "a PLS playlist"],
  [/^ffconcat version/, "an ffconcat script"],
  [/^(#[^\n]*\n\s*)*file\s+(['"]|\S*[./]\w+\s*(\n|$))/, "an ffconcat script"],
  [/^WEBVTT\b/, "a WebVTT text (subtitles)"],
  [/^\d+\s*\n\d\d:\d\d:\d\d[,.]\d{1,3} -->/, "a SubRip text (subtitles)"],
  [/^\[Script Info\]/i, "an ASS text (subtitles)"],
  [/^# VobSub index file/i, "an index of VobSub (subtitles)"],
  [/^\{\d+\}\{\d*\}/, "a MicroDVD text (subtitles)"],
  [/^<SAMI\b/i, "a SAMI text (subtitles)"],
  [/^(\[(ti|ar|al|by|offset|length|re|ve):[^\n\]]*\]\s*)*\[\d\d:\d\d([.:]\d+)?\]/, "an LRC text (lyrics)"],
  [/^magnet:\?/, "a magnet link"],
  [/^version https:\/\/git-lfs\.github\.com\/spec/, "a pointer of Git LFS instead of the file it stands for"],
  [/^[./]*(\.git\/)?annex\/objects\//, "a pointer of git-annex instead of the file it stands for"],
  [/^\[InternetShortcut\]/i, "a shortcut to an address"],
  [/^v=0\s+[os]=/, "an SDP description"],
  [/^https?:\/\/\S+\s*$/, "a text that holds an address"],
  [/^#!/, "a script"],
  [/^[{[]\s*(["{[\]}\d-]|true\b|false\b|null\b)/, "a JSON document"],
];

/** Names of elements that a document of XML or HTML begins with. */
const roots: readonly (readonly [root: RegExp, name: string])[] = [
  [/^MPD$/, "a DASH manifest"],
  [/^SmoothStreamingMedia$/, "a Smooth Streaming manifest"],
  [/^svg$/, "an SVG picture"],
  [/^(html|head|body|script|title|meta|link|style|div|table|center|h1|p|br|iframe|a|img)$/i, "an HTML page"],
  [/^smil$/, "a SMIL playlist"],
  [/^asx$/i, "an ASX playlist"],
  [/^(rss|feed)$/, "a feed (RSS)"],
  [/^tt$/, "a TTML text (subtitles)"],
];

const markup = /^(<!--[\s\S]*?-->|<\?[^>]*\?>|\s)*/;

// Its texts and numbers are followed by hashes as they are.
const torrent =
  /^d\d+:(announce|azureus_properties|comment|created by|creation date|encoding|httpseeds|info|nodes|url-list)/;

/** What to call a text, or undefined where it is none. */
export function nameOfText(text: string): string | undefined {
  const begun = text.replace(/^\ufeff/, "").trimStart();
  if (torrent.test(begun)) return "a torrent";
  if (!isText(text)) return undefined;
  const known = texts.find(([beginning]) => beginning.test(begun));
  return known?.[1] ?? (begun.startsWith("<") ? nameOfMarkup(begun) : "a text");
}

function nameOfMarkup(text: string): string {
  const document = text.replace(markup, "");
  if (/^<!doctype html/i.test(document)) return "an HTML page";
  const [, root = ""] = /^(?:<!doctype[^>]*>\s*)?<(?:[\w.-]+:)?([\w.-]+)/i.exec(document) ?? [];
  if (root === "manifest" && document.includes("ns.adobe.com/f4m")) return "an HDS manifest";
  if (root === "playlist" && document.includes("xspf.org")) return "an XSPF playlist";
  return (
    roots.find(([name]) => name.test(root))?.[1] ?? (text.startsWith("<?xml") || root ? "an XML document" : "a text")
  );
}

/** Nothing that texts do not hold, and not much that is no UTF-8: older texts are in Latin-1 and the like. */
function isText(text: string): boolean {
  const characters = [...text];
  const unknown = characters.filter((one) => one === "\ufffd").length;
  const isReadable = characters.every((one) => one >= " " || "\t\n\r\f\u001b".includes(one));
  return isReadable && text.trim() !== "" && unknown <= 1 + characters.length / 5;
}
