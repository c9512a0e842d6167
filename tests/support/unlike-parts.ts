import { aac, beep, ffmpegMakes, flash, footage, h264, h264B, type Maker, mono, patched, surround } from "./footage.ts";

const seconds = 1.4;
const box = (colour: string) => `,drawbox=x=0:y=0:w=iw/5:h=ih:c=${colour}:t=fill`;
const hlg = "color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc:range=tv";
const x265 = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-tag:v", "hvc1"];

type Kind = { container: string; make: Maker };
const made = (container: string, ...args: readonly (readonly string[])[]): Kind => ({
  container,
  make: ffmpegMakes(...args),
});

/** Held upright, as the matrix of the first track header says it (ISO/IEC 14496-12, 8.3.2): a quarter turn clockwise. */
function turned(bytes: Buffer): Buffer {
  const matrix = bytes.indexOf("tkhd") + 44;
  for (const [at, number] of [0, 1, 0, -1, 0].entries()) bytes.writeInt32BE(number * 65_536, matrix + at * 4);
  return bytes;
}

/** Sources as unlike as those of phones, cameras and recorders; flash and beep begin at each whole second of each. */
const kinds = {
  plain: made("mp4", flash({ seconds, rate: 30, filters: box("red") }), beep({ seconds, rate: 44_100 }), h264, aac),
  portrait: {
    container: "mp4",
    make: patched(
      ffmpegMakes(flash({ seconds, rate: "30000/1001", filters: box("magenta") }), beep({ seconds }), h264, aac),
      turned,
    ),
  },
  "60 a second and mono": made(
    "mp4",
    flash({ seconds, size: "160x120", rate: 60, filters: box("green") }),
    beep({ seconds, ...mono }),
    ...[h264B, aac],
  ),
  hlg: made(
    "mov",
    flash({ seconds, rate: 30, filters: box("blue") }),
    beep({ seconds }),
    // Within an input ffmpeg before 6 loses what it sets.
    ["-vf", `format=yuv420p10le,setparams=${hlg}`],
    ...[x265, aac],
  ),
  "no sound": made("mp4", flash({ seconds, size: "120x120", rate: 25, filters: box("yellow") }), h264),
  "variable rate": made(
    "mkv",
    flash({ seconds, rate: 30, filters: `${box("cyan")},select='not(eq(mod(n,7),3))'` }),
    beep({ seconds }),
    ...[["-fps_mode", "vfr"], h264, ["-c:a", "flac"]],
  ),
  "sound ends early": made("mp4", flash({ seconds, filters: box("red") }), beep({ seconds: 0.6 }), h264, aac),
  "picture ends early": made("mp4", flash({ seconds: 0.6, filters: box("lime") }), beep({ seconds }), h264, aac),
  "transport stream whose picture begins late": made(
    "ts",
    flash({ seconds, filters: box("blue") }),
    beep({ seconds, ...surround }),
    ...[["-vf", "trim=start=0.2"], h264B, ["-c:a", "ac3"]],
  ),
  "sound begins late": made(
    "mkv",
    flash({ seconds, filters: box("orange") }),
    ["-itsoffset", "0.5", ...beep({ seconds: 0.9, from: 0.3 })],
    ...[h264, ["-c:a", "flac"]],
  ),
  "interlaced and anamorphic": made(
    "mpg",
    flash({ seconds, size: "120x144", rate: 50, filters: `${box("pink")},interlace,setsar=64/45` }),
    beep({ seconds }),
    ["-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-q:v", "4", "-c:a", "mp2"],
  ),
} as const satisfies Readonly<Record<string, Kind>>;

export type UnlikePart = keyof typeof kinds;
export const unlikeParts: readonly UnlikePart[] = Object.keys(kinds).filter((name) => name in kinds) as UnlikePart[];

export const unlikePart = async (name: UnlikePart): Promise<string> =>
  footage(kinds[name].make, kinds[name].container, [name, await Bun.file(import.meta.path).text()]);
