import type { Random } from "./random.ts";

/** An order, often a good one but for a field or two. */
export function orderOf(random: Random): Record<string, unknown> {
  const odd = <T>(value: T) => (random.chance(0.9) ? value : random.json(2));
  const maybe = (name: string, value: unknown) => (random.chance(0.4) ? { [name]: odd(value) } : {});
  const output = {
    ...maybe("storage", random.pick(["local", "s3", "ftp"])),
    ...maybe("path", random.chance(0.7) ? `fuzz/${random.below(50)}.mp4` : random.text()),
    ...maybe("type", random.pick(["single", "hls", "dash", "cmaf"])),
    ...maybe("metadata", { title: random.text() }),
    ...maybe("overwrite", true),
    ...maybe("publish", "atomic"),
  };
  return {
    input_url: odd(
      random.pick([
        "http://127.0.0.1:9/a.mp4",
        "http://[::1]/",
        "https://user:pass@example.com/a?b#c",
        "file:///etc/passwd",
        random.text(),
      ]),
    ),
    preset: odd(random.pick(["720p_h264", "240p_fast", "none"])),
    ...maybe("output", output),
    ...maybe("params", paramsOf(random)),
    ...maybe("thumbnails", { times: odd([1, "0:02"]), sprite: odd({ width: 160, every_seconds: 5 }) }),
    ...maybe("clip", clipOf(random)),
    ...(random.chance(0.3) && pictureOf(random, maybe)),
    ...(random.chance(0.2) && {
      audio: odd({
        ...maybe("tracks", odd([random.pick([0, 3, -1]), random.pick(["en", "zh-Hant", "e:n"])])),
        ...maybe("channels", random.pick(["mono", "source", "7.1"])),
      }),
    }),
    ...(random.chance(0.2) && {
      overlay: odd([{ url: random.text(), ...maybe("width", random.pick([20, "10%", "%"])) }]),
    }),
    ...(random.chance(0.2) && {
      subtitles: odd([{ url: random.text(), ...maybe("language", random.pick(["de", "pt-BR", "d:e"])) }]),
    }),
    ...(random.chance(0.15) && { inputs: odd(inputsOf(random)) }),
    ...maybe("callback_url", random.pick(["http://127.0.0.1:9/hook", random.text()])),
    ...maybe("callback_events", ["queued"]),
    ...(random.chance(0.1) && { [random.text()]: random.json(2) }),
  };
}

/** Parameters of an encode, often good ones but for one or two. */
function paramsOf(random: Random): Record<string, unknown> {
  const good = {
    ...{ crf: 30, bitrate: "500k", maxrate: "800k", size: 120, frame_rate: random.pick([25, "<=30", "30000/1001"]) },
    ...{ speed: "ultrafast", audio_bitrate: "64k", loudness: -16, segment_seconds: 4, gop_seconds: 2 },
  };
  const some = Object.entries(good).filter(() => random.chance(0.2));
  return Object.fromEntries(some.map(([name, value]) => [name, random.chance(0.8) ? value : random.json(1)]));
}

/** A field that may be left out, or be what no field is. */
type Maybe = (name: string, value: unknown) => object;

/** What an order may say of its picture, often a good one but for a field or two. */
const pictureOf = (random: Random, maybe: Maybe) => ({
  ...maybe("crop", { x: random.below(3_000), y: random.below(3_000), width: 320, height: random.number() }),
  ...maybe("fit", random.pick(["contain", "cover", "stretch", random.text()])),
  ...maybe("width", random.chance(0.7) ? 2 * random.below(2_200) : random.number()),
  ...maybe("height", random.chance(0.7) ? 2 * random.below(2_200) : random.number()),
  ...maybe("background", random.pick(["#a0B1c2", "teal", random.text()])),
  ...maybe("rotate", random.pick([0, 90, 180, 270, random.number()])),
  ...maybe("deinterlace", random.pick(["auto", "on", "off", random.text()])),
  ...maybe("denoise", random.pick(["off", "strong", random.text()])),
});

/** Sources that are joined, often good ones but for one. */
function inputsOf(random: Random): Record<string, unknown>[] {
  const one = () => ({
    url: random.pick(["http://127.0.0.1:9/a.mp4", "upload:0123456789abcdef0123456789abcdef", random.text()]),
    ...(random.chance(0.3) && { clip: random.chance(0.8) ? clipOf(random) : random.json(1) }),
  });
  return Array.from({ length: random.pick([0, 1, 2, 2, 3, 50, 51]) }, one);
}

/** A part of a source, often a good one. */
function clipOf(random: Random): Record<string, unknown> {
  return {
    start: random.pick([0, 0.5, "0:00.25", -1, "1:99", 1e9, random.text()]),
    ...(random.chance(0.7) && { end: random.pick([1, "0:01", 0, "99:59:59.999", random.json(1)]) }),
  };
}
