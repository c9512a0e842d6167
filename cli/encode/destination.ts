import { stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import type { Preset } from "#client/client.ts";
import { Fault } from "#shared/fault.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { mediaExtensions } from "./inputs.ts";

/** Where outputs go that are made here. */
export type Destination = {
  /** Below which all outputs go; relative to where the command was started, unless absolute. */
  folder: string;
  /** The one output's path in it, if one is named, and the option and the text that name it. */
  one?: { path: string; option: string; given: string };
};

type Named = NonNullable<Destination["one"]>;

// What a preset may make besides media that can be sources.
const otherOutputs = ["jpg", "jpeg", "png", "webp", "avif", "gif", "vtt", "m3u8", "mpd"].map((name) => `.${name}`);
const isOutputName = (path: string) => {
  const extension = extname(path).toLowerCase();
  return mediaExtensions.has(extension) || otherOutputs.includes(extension);
};

/** `--output` names a file when its extension is that of an output, unless there is such a folder or a `--path`. */
export async function destinationOf({ output, path }: { output: string; path?: string }): Promise<Destination> {
  if (path !== undefined) return { folder: output, one: { path, option: "--path", given: path } };
  const found = await stat(output).catch(() => undefined);
  if (found?.isDirectory() || output.endsWith("/")) return { folder: output };
  if (isOutputName(output)) {
    return { folder: dirname(output), one: { path: basename(output), option: "--output", given: output } };
  }
  if (found) throw new Fault("invalid", `--output ${output} is a file; name a folder, or a file with its extension`);
  return { folder: output };
}

/** Throws when the name of an output says that it is something else than what a preset makes. */
export function checkName({ option, given: path }: Named, { name, extension }: Preset) {
  if (path.endsWith("/") || !isOutputName(path)) return;
  if (!extension) throw new Fault("invalid", `${option} ${path}: preset ${name} makes many files; name a folder`);
  const given = extname(path);
  if (given.toLowerCase() === `.${extension}`) return;
  const right = `${path.slice(0, -given.length)}.${extension}`;
  throw new Fault("invalid", `${option} ${path}: preset ${name} makes .${extension}; write ${right}`);
}

/** Throws, before anything is encoded, when an output could not be written; leaves nothing behind. */
export async function checkWritable(folder: string, paths: readonly string[]) {
  const storage = localStorage({ root: folder });
  for (const path of paths) {
    const key = path.endsWith("/") ? `${path}.trial` : path;
    await storage.tryWrite?.(key, "flux", AbortSignal.timeout(10_000)).catch((error: unknown) => {
      // What is wrong with the path itself the service says.
      if (!(error instanceof Fault) || error.kind !== "delivery_failed") return;
      const { cause } = error;
      const why = cause instanceof Error ? ` (${/^[A-Z]+: [^,]+/.exec(cause.message)?.[0] ?? cause.message})` : "";
      throw new Fault(error.kind, `${join(folder, path)} cannot be written: ${error.message}${why}`, { cause });
    });
  }
}
