import { expect, test } from "bun:test";
import { scrub } from "#shared/scrub.ts";

test.each([
  ["/tmp/ffmpeg-jobs/1f2e/source.mp4: No such file", "<file>: No such file"],
  ["[mov,mp4,m4a @ 0x55f54c6086c0] moov atom not found", "[mov,mp4,m4a] moov atom not found"],
  ["opening 'https://user:secret@example.com/a?b=c' for reading", "opening '<url>' for reading"],
  ["s3://bucket/key failed", "<url> failed"],
  ["cannot write ../../secret/key.pem, giving up", "cannot write <file>, giving up"],
  ["Opening '/home/a b/films/c d.ts' for writing", "Opening '<file>' for writing"],
  ["no '/' and no '/x y'", "no '/' and no '<file>'"],
  ["key 00112233445566778899AABBCCDDEEFF, and crc 1a2b3c4d", "key <key>, and crc 1a2b3c4d"],
  ["frame rate 30000/1001 and aspect 16:9, (ow-iw)/2", "frame rate 30000/1001 and aspect 16:9, (ow-iw)/2"],
])("makes %p into %p", (said, shown) => {
  expect(scrub(said)).toBe(shown);
});
