import type { VideoStream } from "#worker/ffmpeg/media.ts";

const highestRate = 60;
const steadyRates = [24, 25, 30, 50, highestRate];

/** The filters that turn a source's picture into one that every player shows, at most `size` on its short side. */
export const pictureFilters = (video: VideoStream, size: number): string => {
  const rate = steadyRate(video);
  return [
    ...(video.interlaced ? ["bwdif=mode=send_frame:parity=auto:deint=interlaced"] : []),
    ...(rate === undefined ? [] : [`fps=${rate}`]),
    shrinkTo(size),
    ...toneMap(video.transfer),
    "format=yuv420p",
  ].join(",");
};

/**
 * Undefined when the source's own timing is kept. Some containers tick so fast that nothing but the average tells the
 * rate, and encoders would budget bits for 1000 frames a second.
 */
export function steadyRate({ nominalRate, averageRate = 0 }: VideoStream): number | undefined {
  if (nominalRate === undefined || nominalRate <= highestRate) return undefined;
  return steadyRates.find((rate) => rate >= averageRate * 0.98) ?? highestRate;
}

// Square pixels, even sides, never larger than the source. ffmpeg has turned the picture upright by then.
function shrinkTo(size: number) {
  const factor = `min(1,${size}/min(iw*sar,ih))`;
  const even = (side: string) => `'max(2,2*floor(${side}*${factor}/2+0.01))'`;
  return `scale=w=${even("iw*sar")}:h=${even("ih")}:flags=bicubic,setsar=1`;
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
