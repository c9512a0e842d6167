import { chmod, mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";

const { PATH = "" } = process.env;

/** A PATH that begins with a program made of shell. */
export async function pathWith(home: string, name: string, script: string): Promise<string> {
  await mkdir(home, { recursive: true });
  const bin = await mkdtemp(join(home, "bin-"));
  await Bun.write(join(bin, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, name), 0o755);
  return `${bin}:${PATH}`;
}

/** The line of shell that goes on as the ffmpeg of this machine. */
export const asFfmpeg = `exec ${Bun.which("ffmpeg")} "$@"`;

/** An ffmpeg of this version, as far as its banner goes. */
export const bannerOf = (name: string, version: string, avutil: string) =>
  `echo "${name} version ${version}"; echo "  libavutil      ${avutil} / ${avutil}"`;

/** An ffmpeg that lists nothing of these names. */
export const ffmpegWithout = (...names: string[]) =>
  [
    `case $1 in`,
    // A codec stands in one line with all that encode and decode it.
    `-codecs) ${Bun.which("ffmpeg")} "$@" | sed ${names.map((name) => `-e 's/ ${name} / /'`).join(" ")}; exit ;;`,
    `-filters|-demuxers) ${Bun.which("ffmpeg")} "$@" | grep -v ${names.map((name) => `-e ${name}`).join(" ")}; exit ;;`,
    `esac`,
    `\n${asFfmpeg}`,
  ].join(" ");
