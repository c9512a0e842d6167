type Order = Record<string, unknown>;

const deep = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth);
const withOutput = (output: unknown) => (good: Order) => JSON.stringify({ ...good, output });
const path = (path: unknown) => withOutput({ path });
const overlay =
  (url: string, more: object = {}) =>
  (good: Order) =>
    JSON.stringify({ ...good, overlay: [{ url, ...more }] });
const subtitles =
  (url: string, more: object = {}) =>
  (good: Order) =>
    JSON.stringify({ ...good, subtitles: [{ url, ...more }] });
const sound = (audio: unknown) => (good: Order) => JSON.stringify({ ...good, audio });
/** The good order's source comes first of those that are joined. */
const joined =
  (...urls: unknown[]) =>
  ({ input_url, ...good }: Order) =>
    JSON.stringify({ ...good, inputs: [input_url, ...urls].map((url) => ({ url })) });
const raw = (more: string) => (good: Order) => `${JSON.stringify(good).slice(0, -1)},${more}}`;

/** Bodies of an order that must be refused, each the good one but for what is said. */
export const hostileOrders: Record<string, (good: Order) => string | Uint8Array<ArrayBuffer>> = {
  "arrays 200,000 deep": () => deep(200_000, "[", "]"),
  "objects 100,000 deep": () => deep(100_000, '{"a":', "") + "1".repeat(1) + "}".repeat(100_000),
  "an array that never closes": () => "[".repeat(900_000),
  "2 MB": (good) => JSON.stringify({ ...good, padding: "x".repeat(2_000_000) }),
  "100,000 fields": (good) =>
    JSON.stringify({ ...good, ...Object.fromEntries(Array.from({ length: 70_000 }, (_, n) => [`f${n}`, 1])) }),
  "a number of 900,000 digits": raw(`"x":${"9".repeat(900_000)}`),
  "a prototype": raw('"__proto__":{"isAdmin":true}'),
  "a prototype in the output": raw('"output":{"__proto__":{"overwrite":true},"path":"a.mp4"}'),
  "a constructor": raw('"constructor":{"prototype":{"isAdmin":true}}'),
  "a tenant": raw('"tenant":"acme"'),
  "a prefix": withOutput({ path_prefix: "../" }),
  "arguments of ffmpeg": raw('"ffmpeg_args":["-i","/etc/passwd"]'),
  "a preset that is a path": (good) => JSON.stringify({ ...good, preset: "../../etc/passwd" }),
  "a preset that is an object": (good) => JSON.stringify({ ...good, preset: { name: "tiny" } }),
  "a preset that is a prototype's": (good) => JSON.stringify({ ...good, preset: "__proto__" }),
  "inputs without number": (good) => JSON.stringify({ ...good, input_url: [good["input_url"]] }),
  "UTF-16": (good) => new Uint8Array(Buffer.from(JSON.stringify(good), "utf16le")),
  "broken UTF-8": (good) => new Uint8Array(Buffer.from(JSON.stringify(good).replace("tiny", "t\xffny"), "latin1")),
  "a bomb of gzip": () => Bun.gzipSync(Buffer.alloc(50_000_000, "[")),
  "two objects": (good) => JSON.stringify(good) + JSON.stringify(good),
  NaN: raw('"x":NaN'),
  "a comment": (good) => `/**/${JSON.stringify(good)}//`,
  "a path that climbs": path("../a.mp4"),
  "a path that climbs later": path("a/../../b.mp4"),
  "a path that climbs by backslashes": path("a\\..\\..\\b.mp4"),
  "a path that climbs in full width": path("\uff0e\uff0e/../a.mp4"),
  "an absolute path": path("/etc/cron.d/a.mp4"),
  "a path with a zero byte": path("a.mp4\0.txt"),
  "a path with a line break": path("a\r\nSITE CHMOD 777 b.mp4"),
  "a path with an escape": path("\u001b[2Ja.mp4"),
  "a path with C1 controls": path("a\u009b.mp4"),
  "a path of dots": path("./a.mp4"),
  "a path with nothing between slashes": path("a//b.mp4"),
  "an empty path": path(""),
  "a path of 1025 bytes": path(`${"a/".repeat(510)}abcde.mp4`),
  "a segment of 256 bytes": path(`${"a".repeat(252)}.mp4`),
  "a path of half a character": path("a\ud800.mp4"),
  "a path among the records": path(".flux/jobs/a.mp4"),
  "a path that is the records": path(".flux/jobs"),
  "a path that is an array": path(["a.mp4"]),
  "metadata with a line break in a name": withOutput({ metadata: { "a\r\nx-amz-acl": "public-read" } }),
  "metadata with a name that is none": withOutput({ metadata: { "a b": "c" } }),
  "metadata of 3 kB": withOutput({ metadata: { a: "x".repeat(3_000) } }),
  "metadata of control characters beyond the limit": withOutput({ metadata: { a: "\n".repeat(1_000) } }),
  "metadata that is an object": withOutput({ metadata: { a: { b: 1 } } }),
  "a storage that is a prototype's": withOutput({ storage: "constructor" }),
  "sounds with options": sound({ tracks: ["en -i /etc/passwd"] }),
  "a sound of a number that is none": sound({ tracks: [1e30] }),
  "channels with filters": sound({ channels: "stereo,amovie=/etc/passwd" }),
  "a thousand sounds": sound({ tracks: Array(1_000).fill("en") }),
  "an overlay on the disk": overlay("file:///etc/passwd"),
  "an overlay at a metadata service": overlay("http://169.254.169.254/latest/"),
  "an overlay on this machine": overlay("http://[::1]:22/"),
  "an overlay that is another's upload": overlay("upload:01a22dd8-8f8f-7100-9520-dcebba34de71@acme"),
  "an overlay with filters": overlay("https://example.com/a.png", { width: "10%,movie=/etc/passwd" }),
  "a place with filters": overlay("https://example.com/a.png", { position: "top:enable=1" }),
  "a thousand overlays": (good) =>
    JSON.stringify({ ...good, overlay: Array.from({ length: 1_000 }, () => ({ url: "https://example.com/a.png" })) }),
  "subtitles on the disk": subtitles("file:///etc/passwd"),
  "subtitles at a metadata service": subtitles("http://169.254.169.254/latest/"),
  "subtitles on this machine": subtitles("http://[::1]:22/"),
  "subtitles in a pipe of ffmpeg": subtitles("concat:/etc/passwd|/etc/hosts"),
  "subtitles that are another's upload": subtitles("upload:01a22dd8-8f8f-7100-9520-dcebba34de71@acme"),
  "subtitles with filters": subtitles("https://example.com/a.srt", { language: "de:force_style=Fontname" }),
  "subtitles with a playlist's attributes": subtitles("https://example.com/a.srt", { name: 'a",URI="x\n#EXT-X-KEY' }),
  "a track of filters": raw('"subtitles":[{"track":"0:s,movie=/etc/passwd"}]'),
  "a thousand subtitles": (good) =>
    JSON.stringify({ ...good, subtitles: Array.from({ length: 1_000 }, () => ({ url: "https://example.com/a.srt" })) }),
  "a joined source on the disk": joined("file:///etc/passwd"),
  "a joined source at a metadata service": joined("http://169.254.169.254/latest/"),
  "a joined source on this machine": joined("http://[::1]:22/"),
  "a joined source that is another's upload": joined("upload:0123456789abcdef0123456789abcdef@acme"),
  "a joined source that is a list of files": joined("concat:/etc/passwd|/etc/shadow"),
  "a joined source alone": joined(),
  "a thousand joined sources": joined(...Array<string>(1_000).fill("https://example.com/a.mp4")),
  "joined sources beside one": (good) =>
    JSON.stringify({ ...good, inputs: [{ url: good["input_url"] }, { url: good["input_url"] }] }),
  "a joined source with arguments": (good) => {
    const { input_url, ...order } = good;
    return JSON.stringify({ ...order, inputs: [{ url: input_url, "-i": "/etc/passwd" }, { url: input_url }] });
  },
  "a background with filters": raw('"width":64,"height":64,"background":"red,movie=/etc/passwd"'),
  "a part as text": raw('"crop":"in_w:in_h:0:0"'),
  "a frame of all pixels": raw('"width":4096,"height":4096'),
  "a callback on the disk": (good) => JSON.stringify({ ...good, callback_url: "file:///etc/passwd" }),
  "a callback to a metadata service": (good) =>
    JSON.stringify({ ...good, callback_url: "http://169.254.169.254/latest/" }),
  "a callback to this machine": (good) => JSON.stringify({ ...good, callback_url: "http://[::1]:22/" }),
  "a callback with a stray sign": (good) => JSON.stringify({ ...good, callback_url: "http://a%zz@127.0.0.2/" }),
};
