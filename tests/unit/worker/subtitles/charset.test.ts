import { expect, test } from "bun:test";
import { decodeFile } from "#worker/subtitles/charset.ts";

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));
const times = new Uint8Array(Buffer.from("1\n00:00:01,000 --> 00:00:02,000\n"));
const file = (hex: string) => new Uint8Array(Buffer.concat([times, bytes(hex)]));

/** A sentence or two in each, as their bytes. */
const sentences: [encoding: string, text: string, hex: string][] = [
  ["windows-1251", "Я не знаю, что сказать", "df20ede520e7ede0fe2c20f7f2ee20f1eae0e7e0f2fc"],
  ["windows-1252", "C'était déjà fermé, où est-il", "4327e9746169742064e96ae0206665726de92c206ff9206573742d696c"],
  ["shift_jis", "私は知りません。早く行きましょう", "8e8482cd926d82e882dc82b982f18142918182ad8d7382ab82dc82b582e582a4"],
  ["gb18030", "我不知道该说什么。我们现在必须走", "ced2b2bbd6aab5c0b8c3cbb5cab2c3b4a1a3ced2c3c7cfd6d4dab1d8d0ebd7df"],
  [
    "euc-kr",
    "무슨 말을 해야 할지 모르겠어요. 지금 가야 해요",
    "b9abbdbc20b8bbc0bb20c7d8bedf20c7d2c1f620b8f0b8a3b0dabeeebfe42e20c1f6b1dd20b0a1bedf20c7d8bfe4",
  ],
];

test.each(sentences)("recognises %s", (guessed, text, hex) => {
  const found = decodeFile(file(hex));
  expect(found?.guessed).toBe(guessed);
  expect(found?.text).toEndWith(text);
});

test("Unicode is no guess, with its mark or without", () => {
  const text = "1\n00:00:01,000 --> 00:00:02,000\nПривет 日本語\n";
  const wide = Buffer.from(text, "utf16le");
  expect(decodeFile(new Uint8Array(Buffer.from(`\ufeff${text}`)))).toEqual({ text });
  expect(decodeFile(new Uint8Array(Buffer.from(text)))).toEqual({ text });
  expect(decodeFile(new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le")))).toEqual({ text });
  expect(decodeFile(new Uint8Array(wide))).toEqual({ text });
  expect(decodeFile(new Uint8Array(Buffer.from(wide).swap16()))).toEqual({ text });
});

test("the language that an order names decides where letters alone tell too little", () => {
  // Arabic, which looks like Hebrew by its bytes alone.
  const arabic = file("e1c720c3dad1dd20e3c7d0c720c3dee6e12e20edccc820c3e420e4d0e5c820c7e1c2e4");
  expect(decodeFile(arabic, "ar")?.guessed).toBe("windows-1256");
  // One short line of Korean.
  const short = file("bec8b3e7c7cfbcbcbfe4");
  expect(decodeFile(short, "ko-KR")).toMatchObject({ guessed: "euc-kr", text: expect.stringContaining("안녕하세요") });
});

test("bytes that are no text in any encoding are none", () => {
  expect(
    decodeFile(new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x81, 0x8d]))?.text ?? "",
  ).not.toContain("-->");
});
