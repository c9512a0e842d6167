import type { StillSettings } from "#shared/job/thumbnails.ts";
import { straight } from "./graph.ts";
import { secondsOf } from "./input.ts";
import type { Part, PartSource } from "./part.ts";
import { shown } from "./picture.ts";
import { numbered } from "./picture-names.ts";
import { constantRate, fraction, perSecond } from "./rate.ts";

/** So many of them are held against the source: the first ones, which tell of all. */
const mostCompared = 2;

/** A picture of each given moment: the one that is shown then, or the last one where the film has ended. */
export function stillsPart({ times, size }: StillSettings, { video, probe }: PartSource, name: string): Part {
  const rate = constantRate(video);
  const moments = stillMoments({ times }, { video, probe });
  const pictures = moments.map((seconds) => Math.floor(seconds * perSecond(rate) + 0.001));
  const last = pictures.at(-1) ?? 0;
  return {
    chain: straight([
      `fps=${fraction(rate)}:start_time=0`,
      // The source may end a little before it says.
      ...["tpad=stop=-1:stop_mode=clone", `trim=end_frame=${last + 1}`],
      `select='${pictures.map((at) => `eq(n,${at})`).join("+")}'`,
      ...shown(video, size, { target: "jpeg", name: "still" }),
    ]),
    args: [
      "-fps_mode",
      "passthrough",
      "-c:v",
      "mjpeg",
      "-q:v",
      "3",
      "-frames:v",
      String(moments.length),
      "-f",
      "image2",
    ],
    target: `${name}_%02d.jpg`,
    files: moments.map((shows, at) => ({
      name: numbered(name, at),
      image: "jpeg",
      ...(at < mostCompared && { shows }),
    })),
  };
}

/** The moments that a film has, in seconds, each picture once; all beyond its end are its last picture. */
export function stillMoments(
  { times }: Pick<StillSettings, "times">,
  { video, probe }: Pick<PartSource, "video" | "probe">,
): number[] {
  const rate = perSecond(constantRate(video));
  const seconds = secondsOf(probe, video);
  const end = seconds === undefined ? Number.POSITIVE_INFINITY : Math.max(0, (Math.round(seconds * rate) - 1) / rate);
  const byPicture = new Map(
    times.map((time) => Math.min(time, end)).map((time) => [Math.floor(time * rate + 0.001), time]),
  );
  return [...byPicture.values()];
}
