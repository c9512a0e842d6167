import { analyse } from "chardet";
import { orUndefined } from "#shared/errors.ts";

type Decoded = {
  text: string;
  /** The encoding that it was taken for; absent where it says so itself, or is Unicode. */
  guessed?: string;
};

/** So much of the letters tells which encoding they are in. */
const sampleBytes = 256 * 1_024;
/** Below this, in percent, a guess is no better than another. */
const leastConfidence = 20;

/**
 * The text of a file whose encoding nobody tells: Unicode by its mark, or where all of it is valid, else the one in which the
 * letters make most sense, first of all those in which this language is written. Undefined where none does.
 */
export function decodeFile(bytes: Uint8Array, language?: string): Decoded | undefined {
  const unicode = unicodeIn(bytes);
  if (unicode !== undefined) return { text: unicode };
  const found = analyse(lettersIn(bytes)).flatMap(({ name, confidence }) => {
    const label = labelOf(name);
    return label === undefined ? [] : [{ label, confidence }];
  });
  const expected = expectedIn[language?.split("-")[0]?.toLowerCase() ?? ""] ?? [];
  const sure = found.filter(({ confidence }) => confidence >= leastConfidence);
  const usual = found.filter(({ label }) => expected.includes(label));
  for (const guessed of [...[...usual, ...sure].map(({ label }) => label), ...(sure.length > 0 ? [] : expected)]) {
    const text = decodedAs(guessed, bytes);
    if (text !== undefined) return { text, guessed };
  }
  return undefined;
}

const decodedAs = (label: Label | "utf-8" | "utf-16le" | "utf-16be", bytes: Uint8Array) =>
  orUndefined(() => new TextDecoder(label, { fatal: true }).decode(bytes));

function unicodeIn(bytes: Uint8Array): string | undefined {
  const [first = 0, second = 0] = bytes;
  if (first === 0xff && second === 0xfe) return decodedAs("utf-16le", bytes);
  if (first === 0xfe && second === 0xff) return decodedAs("utf-16be", bytes);
  const even = zerosAt(bytes, 0);
  const odd = zerosAt(bytes, 1);
  // Digits, line breaks and arrows have a zero in one place of two.
  if (odd > 0.2 && even < odd / 4) return decodedAs("utf-16le", bytes);
  if (even > 0.2 && odd < even / 4) return decodedAs("utf-16be", bytes);
  return decodedAs("utf-8", bytes);
}

/** Which share of the bytes at even or odd places is zero. */
function zerosAt(bytes: Uint8Array, parity: 0 | 1): number {
  const head = bytes.subarray(0, 4_096).filter((_, at) => at % 2 === parity);
  return head.length === 0 ? 0 : head.filter((byte) => byte === 0).length / head.length;
}

/** The lines that hold anything but ASCII, without markup: numbers and times would be taken for a language of their own. */
function lettersIn(bytes: Uint8Array): Uint8Array {
  const lines: string[] = [];
  let taken = 0;
  for (const line of Buffer.from(bytes).toString("latin1").split(/\r?\n/)) {
    if (taken > sampleBytes) break;
    if (!/[\x80-\xff]/.test(line)) continue;
    const letters = line.replace(/^Dialogue:([^,]*,){9}/, "").slice(0, 1_000);
    lines.push(letters);
    taken += letters.length;
  }
  return Buffer.from(lines.join("\n"), "latin1");
}

/** What is decoded, by the names that the guess has. Files of Windows are named after the standard that its encoding extends. */
const labels = {
  "ISO-8859-1": "windows-1252",
  "ISO-8859-2": "iso-8859-2",
  "ISO-8859-5": "iso-8859-5",
  "ISO-8859-6": "windows-1256",
  "ISO-8859-7": "windows-1253",
  "ISO-8859-8": "windows-1255",
  "ISO-8859-9": "windows-1254",
  "windows-1250": "windows-1250",
  "windows-1251": "windows-1251",
  "windows-1252": "windows-1252",
  "windows-1253": "windows-1253",
  "windows-1254": "windows-1254",
  "windows-1255": "windows-1255",
  "windows-1256": "windows-1256",
  "windows-1257": "windows-1257",
  "windows-1258": "windows-1258",
  "windows-874": "windows-874",
  "KOI8-R": "koi8-r",
  Shift_JIS: "shift_jis",
  Big5: "big5",
  "EUC-JP": "euc-jp",
  "EUC-KR": "euc-kr",
  GB18030: "gb18030",
  "ISO-2022-JP": "iso-2022-jp",
} as const;
type Label = (typeof labels)[keyof typeof labels];

const labelOf = (name: string): Label | undefined => Object.entries(labels).find(([known]) => known === name)?.[1];

/** In which encodings files of a language usually are that are not Unicode. */
const expectedIn: Readonly<Record<string, readonly Label[]>> = {
  ...of(["windows-1251", "koi8-r", "iso-8859-5"], "ru rus uk ukr be bel bg bul mk mkd mac"),
  ...of(["windows-1250", "iso-8859-2"], "pl pol cs ces cze sk slk slo hu hun sl slv hr hrv bs bos ro ron rum"),
  ...of(["windows-1253"], "el ell gre"),
  ...of(["windows-1254"], "tr tur"),
  ...of(["windows-1255"], "he heb iw"),
  ...of(["windows-1256"], "ar ara fa fas per ur urd"),
  ...of(["windows-874"], "th tha"),
  ...of(["shift_jis", "euc-jp", "iso-2022-jp"], "ja jpn"),
  ...of(["euc-kr"], "ko kor"),
  ...of(["gb18030", "big5"], "zh zho chi cmn yue"),
  ...of(
    ["windows-1252"],
    "en eng fr fra fre de deu ger es spa pt por it ita nl nld dut sv swe da dan nb nob no nor fi fin",
  ),
};

function of(encodings: readonly Label[], languages: string): Record<string, readonly Label[]> {
  return Object.fromEntries(languages.split(" ").map((language) => [language, encodings]));
}
