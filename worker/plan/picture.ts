import type { VideoStream } from "#worker/ffmpeg/media.ts";

/** Turns interlaced pictures into whole ones; nothing for others. */
export const deinterlace = ({ interlaced }: VideoStream) =>
  interlaced ? ["bwdif=mode=send_frame:parity=auto:deint=interlaced"] : [];

type Look = {
  pixelFormat?: string;
  /** The shape of the picture, such as `16/9`, where rounded sides must not change it; otherwise pixels are square. */
  shape?: string;
};

/** Makes a picture that every player shows: at most `size` on its short side, 8 bits, not HDR. */
export const shown = ({ transfer }: VideoStream, size: number, { pixelFormat = "yuv420p", shape }: Look = {}) => [
  shrinkTo(size),
  shape === undefined ? "setsar=1" : `setdar=dar=${shape}:max=65535`,
  ...toneMap(transfer),
  `format=${pixelFormat}`,
];

/** The picture as a player shows it: upright and with square pixels. */
function uprightSize({ width, height, sampleAspect, rotation }: VideoStream) {
  const isTurned = rotation % 180 === 90;
  return isTurned ? { width: height / sampleAspect, height: width } : { width: width * sampleAspect, height };
}

export function shortSide(video: VideoStream) {
  const { width, height } = uprightSize(video);
  return Math.min(width, height);
}

/** What `shrinkTo` makes of it. */
export function sizeWithin(video: VideoStream, size: number) {
  const { width, height } = uprightSize(video);
  const factor = Math.min(1, size / Math.min(width, height));
  const even = (side: number) => Math.max(2, 2 * Math.floor((side * factor) / 2 + 0.01));
  return { width: even(width), height: even(height) };
}

// Even sides, never larger than the source. ffmpeg has turned the picture upright by then.
function shrinkTo(size: number) {
  const factor = `min(1,${size}/min(iw*sar,ih))`;
  const even = (side: string) => `'max(2,2*floor(${side}*${factor}/2+0.01))'`;
  return `scale=w=${even("iw*sar")}:h=${even("ih")}:flags=bicubic`;
}

// Sources often leave out the primaries that PQ and HLG come with, and zscale refuses to guess.
function toneMap(transfer: string | undefined): string[] {
  if (transfer !== "smpte2084" && transfer !== "arib-std-b67") return [];
  return [
    `zscale=tin=${transfer}:pin=bt2020:min=bt2020nc:t=linear:npl=100`,
    "format=gbrpf32le",
    "zscale=p=bt709",
    "tonemap=tonemap=hable:desat=0",
    "zscale=t=bt709:m=bt709:r=tv",
  ];
}
