import { stat } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Env } from "#shared/env.ts";
import { orUndefined } from "#shared/errors.ts";
import { Fault } from "#shared/fault.ts";

/** One source: how it is called here, its URL, and what its output is named after, with the folder it lies in. */
export type Input = {
  /** What it is called in what is printed. */
  name: string;
  /** What the job is given. */
  url: string;
  /** The folder that it lies in, relative to what was named; empty for the top. */
  folder: string;
  /** What its output is named after, without extension. */
  stem: string;
};

type Options = {
  recursive: boolean;
  /** Is not looked into for sources; absent where outputs go elsewhere. */
  outputDir?: string;
  /** What a name stands for that is no file and no folder. */
  urlInput(name: string): Input;
};

/** The files, the media files of the folders, and the URLs that are named; `left` are other files of the folders. */
export async function findInputs(named: readonly string[], options: Options) {
  const inputs: Input[] = [];
  const left: string[] = [];
  for (const name of named) {
    const found = await stat(name).catch(() => undefined);
    if (!found?.isDirectory()) {
      inputs.push(found ? fileInput(name) : options.urlInput(name));
      continue;
    }
    const { media, others } = await filesOf(name, options);
    if (media.length === 0) throw new Fault("invalid", `there is no media file in ${name}${hint(options)}`);
    inputs.push(...media.map((path) => fileInput(path, name)));
    left.push(...others);
  }
  return { inputs, left };
}

/** A URL that a service fetches. */
export function remoteInput(name: string): Input {
  if (URL.canParse(name) && !name.startsWith("file:")) return ofUrl(name);
  throw new Fault("invalid", `a service encodes URLs, and files that are here to be uploaded: ${name} is neither`);
}

/** A URL that is fetched here. */
export const urlInputOf = (env: Env) => (name: string) => urlInput(name, env);

function urlInput(name: string, env: Env): Input {
  const protocol = URL.parse(name)?.protocol;
  if (!protocol) throw new Fault("invalid", `there is no file ${name}, and it is not a URL`);
  if (protocol === "s3:" && !env["S3_INPUT_BUCKETS"]) {
    const { host } = new URL(name);
    throw new Fault("invalid", `set S3_INPUT_BUCKETS=${host} to encode ${name}`);
  }
  return ofUrl(name);
}

function ofUrl(name: string): Input {
  const { pathname } = new URL(name);
  return { name, url: name, folder: "", stem: stemOf(decoded(pathname)) || "output" };
}

const fileInput = (path: string, root = dirname(path)): Input => ({
  name: path,
  url: pathToFileURL(resolve(path)).href,
  folder: relative(root, dirname(path)).replaceAll(sep, "/"),
  stem: stemOf(path),
});

async function filesOf(folder: string, { recursive, outputDir }: Options) {
  // Sees nothing hidden, and enters no linked folder, which may lead back.
  const glob = new Bun.Glob(recursive ? "**/*" : "*");
  const entries = await Array.fromAsync(glob.scan({ cwd: folder, onlyFiles: false }));
  const paths = entries.sort().map((entry) => join(folder, entry));
  const seen = outputDir === undefined ? paths : paths.filter((path) => !isWithin(path, outputDir));
  const files = (await Promise.all(seen.map(async (path) => ((await isFile(path)) ? [path] : [])))).flat();
  const { media = [], others = [] } = Object.groupBy(files, (path) => (isMedia(path) ? "media" : "others"));
  return { media, others };
}

const isWithin = (path: string, folder: string) => resolve(path).startsWith(resolve(folder) + sep);
const isFile = async (path: string) => (await stat(path).catch(() => undefined))?.isFile() ?? false;
const hint = ({ recursive }: Options) => (recursive ? "" : "; --recursive looks into its folders too");

/** Of files that may be sources, each with its dot. */
export const mediaExtensions: ReadonlySet<string> = new Set(
  "mp4 m4v mov mkv webm avi mpg mpeg vob ts m2ts mts flv f4v ogg ogv wmv asf 3gp 3g2 mxf dv ivf mp3 m4a aac oga opus wav flac wma mka"
    .split(" ")
    .map((extension) => `.${extension}`),
);
const isMedia = (path: string) => mediaExtensions.has(extname(path).toLowerCase());

const stemOf = (path: string) => basename(path, extname(path));

const decoded = (path: string) => orUndefined(() => decodeURIComponent(path)) ?? path;
