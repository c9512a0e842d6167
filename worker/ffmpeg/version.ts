import { Fault } from "#shared/fault.ts";

/** `text` is what the program calls itself. A build from git counts as the last of its series: minor 9. */
export type Version = { text: string; major: number; minor: number };

// Older ones lack options that our arguments use. In 5.1 libavutil is 57.28.
const oldest = { name: "5.1", avutil: [57, 28] } as const;

const whereToGetIt = "Debian 12, Ubuntu 24.04, Alpine 3.17, Homebrew or https://ffmpeg.org/download.html";

/**
 * The version in the banner of ffmpeg or ffprobe. Builds from git name a commit or a day, which tells nothing of their
 * age: the version of libavutil does, and it counts along with the releases.
 */
export function parseVersion(program: string, banner: string): Version {
  const text = /version (\S+)/.exec(banner)?.[1];
  const avutil = /^ *libavutil +(\d+)\.\s*(\d+)\./m.exec(banner)?.slice(1).map(Number);
  const [series = 0, step = 0] = avutil ?? [];
  if (text === undefined || !avutil) throw unusable(`${program} does not tell its version`);
  const [, major, minor] = /^n?(\d{1,2})\.(\d+)/.exec(text) ?? [];
  if (series < oldest.avutil[0] || (series === oldest.avutil[0] && step < oldest.avutil[1]))
    throw unusable(`${program} ${text} is too old`);
  return major && minor
    ? { text, major: Number(major), minor: Number(minor) }
    : { text, major: series - oldest.avutil[0] + 5, minor: 9 };
}

/** The fault of a machine whose ffmpeg or ffprobe cannot be worked with. */
export const unusable = (what: string, options?: ErrorOptions) =>
  new Fault("invalid", `${what}: ffmpeg ${oldest.name} or later is needed, such as that of ${whereToGetIt}`, options);
