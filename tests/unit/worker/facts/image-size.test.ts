import { expect, test } from "bun:test";
import { imageSizeIn } from "#worker/facts/image-size.ts";

const head = (hex: string) => Buffer.concat([Buffer.from(hex.replaceAll(" ", ""), "hex"), Buffer.alloc(32)]);

test.each([
  ["a JPEG behind tables", "ffd8 ffe0 0004 0000 ffdb 0005 000000 ffc4 0002 ffc0 0011 08 005a 00a0 03", 160, 90],
  ["a progressive JPEG", "ffd8 ffc2 0011 08 005a 00a0 03", 160, 90],
  ["a PNG", "89504e470d0a1a0a 0000000d 49484452 000000a0 0000005a", 160, 90],
  ["a GIF", "474946383961 a000 5a00", 160, 90],
  ["an extended WebP", "52494646 00000000 57454250 56503858 0a000000 02000000 9f0000 590000", 160, 90],
  ["a lossy WebP", "52494646 00000000 57454250 56503820 00000000 300100 9d012a a000 5a00", 160, 90],
  ["a lossless WebP", "52494646 00000000 57454250 5650384c 00000000 2f 9f401600", 160, 90],
])("%s says its size", (_, hex, width, height) => {
  expect(imageSizeIn(head(hex))).toEqual({ width, height });
});

test.each(["", "ffd8", "ffd8 ffe0 ffff", "47494638", "000000"])("%j says none", (hex) => {
  expect(imageSizeIn(Buffer.from(hex.replaceAll(" ", ""), "hex"))).toEqual({});
});
