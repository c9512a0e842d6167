import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { beginnings } from "#tests/support/file-beginnings.ts";
import { formatBytes, nameOfFormat } from "#worker/ffmpeg/name-of-format.ts";

const bytesOf = (base64: string) => Buffer.from(base64, "base64");
const named = (text: string) => nameOfFormat(Buffer.from(text));

test.each(beginnings)("%s is told by its bytes", (name, base64) => {
  expect(nameOfFormat(bytesOf(base64))).toBe(name);
});

test.each([
  ["an HLS playlist", "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:6\n#EXTINF:6.0,\nsegment_000.ts\n"],
  ["an HLS playlist", "\ufeff#EXTM3U\r\n#EXT-X-STREAM-INF:BANDWIDTH=1\r\na.m3u8\r\n"],
  ["an M3U playlist", "#EXTM3U\n#EXTINF:123,Artist - Title\nsong.mp3\n"],
  ["a PLS playlist", "[playlist]\nNumberOfEntries=1\nFile1=http://example.com/a.mp3\n"],
  ["an ffconcat script", "ffconcat version 1.0\nfile a.mp4\n"],
  ["an ffconcat script", "# joined\nfile 'a.mp4'\nfile 'b.mp4'\n"],
  [
    "a DASH manifest",
    '<?xml version="1.0" encoding="utf-8"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static">',
  ],
  ["a DASH manifest", "<!-- made by hand --><dash:MPD xmlns:dash='urn:mpeg:dash:schema:mpd:2011'>"],
  ["a Smooth Streaming manifest", '<?xml version="1.0"?>\n<SmoothStreamingMedia MajorVersion="2">'],
  ["an HDS manifest", '<manifest xmlns="http://ns.adobe.com/f4m/1.0">'],
  ["an XSPF playlist", '<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/">'],
  ["an ASX playlist", '<ASX version="3.0"><Entry/></ASX>'],
  ["an HTML page", "<!DOCTYPE html>\n<html lang=en><title>Not found</title>"],
  ["an HTML page", "\n\n<!-- cached -->\n<HTML><HEAD>"],
  ["an HTML page", "<script>location = '/login'</script>"],
  ["an HTML page", '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html>'],
  ["an SVG picture", '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="1"/>'],
  ["an SVG picture", '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><svg width="1"/>'],
  ["a TTML text (subtitles)", '<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml">'],
  ["a feed (RSS)", '<?xml version="1.0"?><rss version="2.0">'],
  ["an XML document", '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>'],
  ["a SubRip text (subtitles)", "1\r\n00:00:01,000 --> 00:00:02,000\r\nHello\r\n"],
  ["a WebVTT text (subtitles)", "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"],
  ["an ASS text (subtitles)", "\ufeff[Script Info]\nTitle: x\n"],
  ["a MicroDVD text (subtitles)", "{0}{25}Hello\n"],
  ["a SAMI text (subtitles)", "<SAMI>\n<HEAD>"],
  ["an LRC text (lyrics)", "[ar:Someone]\n[00:12.00]Line\n"],
  ["a torrent", "d8:announce35:udp://tracker.example.com:80/annou13:creation datei1700000000e4:infod6:lengthi1e"],
  ["a magnet link", "magnet:?xt=urn:btih:0123456789abcdef"],
  [
    "a pointer of Git LFS instead of the file it stands for",
    "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
  ],
  ["a shortcut to an address", "[InternetShortcut]\r\nURL=https://example.com/\r\n"],
  ["an SDP description", "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n"],
  ["a text that holds an address", "https://example.com/film.mp4\n"],
  ["a script", "#!/bin/sh\necho hello\n"],
  ["a JSON document", '{"error": "expired"}'],
  ["a JSON document", '[\n  {"a": 1}\n]'],
  ["a text", "Access denied\n"],
  ["a text", "file missing\n"],
  ["a text", "# joined by hand\nThe profile 'a' is a file of mine\n"],
  ["a text", "Übergroß, und 映画 dazu"],
  ["a PDF", "\r\n%PDF-1.7\n%\u00e2"],
  ["a file that is encrypted (age)", "age-encryption.org/v1\n-> X25519 abc\n"],
])("%s is told by its text: %j", (name, text) => {
  expect(named(text)).toBe(name);
});

test("reads texts that are no UTF-8", () => {
  const srt = "1\n00:00:01,000 --> 00:00:02,000\nÜber die Brücke, größer\n";
  expect(nameOfFormat(Buffer.from(srt, "latin1"))).toBe("a SubRip text (subtitles)");
  expect(nameOfFormat(Buffer.from("映".repeat(2_000)).subarray(0, 4_096))).toBe("a text");
});

test("reads UTF-16 by its mark", () => {
  const srt = "\ufeff1\r\n00:00:01,000 --> 00:00:02,000\r\nHello\r\n";
  expect(nameOfFormat(Buffer.from(srt, "utf16le"))).toBe("a SubRip text (subtitles)");
  expect(nameOfFormat(Buffer.from(srt, "utf16le").swap16())).toBe("a SubRip text (subtitles)");
});

test("knows transport streams by their packets, and archives by what stands further on", () => {
  const packets = (length: number, at: number) => {
    const bytes = Buffer.alloc(4 * length, 1);
    for (let n = 0; n < 4; n += 1) bytes[n * length + at] = 0x47;
    return nameOfFormat(bytes);
  };
  expect(packets(188, 0)).toBe("an MPEG transport stream");
  expect(packets(192, 4)).toBe("an MPEG transport stream");
  expect(packets(187, 0)).toBeUndefined();
  const tar = Buffer.alloc(512);
  tar.write("t.txt");
  tar.write("ustar", 257);
  expect(nameOfFormat(tar)).toBe("a tar archive");
});

test("says when there is nothing, and nothing of what nobody knows", () => {
  expect(nameOfFormat(new Uint8Array())).toBe("empty");
  expect(nameOfFormat(new Uint8Array(formatBytes))).toBe("nothing but zeros");
  expect(nameOfFormat(Buffer.from([1, 2, 3, 200]))).toBeUndefined();
});

test("takes noise, such as a segment that is encrypted, for nothing that it is not", () => {
  const noise = Array.from({ length: 2_000 }, (_, n) =>
    Buffer.concat([0, 1].map((part) => createHash("sha512").update(`${n} ${part}`).digest())),
  );
  expect(noise.map((bytes) => nameOfFormat(bytes)).filter(Boolean)).toHaveLength(0);
});

test("comes to an end with whatever is cut, or made to keep it busy", () => {
  for (const [, base64] of beginnings) {
    const bytes = bytesOf(base64);
    for (let end = 0; end <= bytes.length; end += 1) nameOfFormat(bytes.subarray(0, end));
  }
  for (const text of [
    "[ti:]",
    "[ti:x]\n",
    "<!--",
    "<?x?>",
    "<?",
    "#\n",
    "# ",
    "<a:",
    "{0}",
    "1\n",
    "d1:",
    "encv",
    "file ",
    "[[",
  ]) {
    expect(named(text.repeat(5_000))).toBeString();
  }
});
