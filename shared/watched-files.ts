import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { invalidField } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";

/** What files say: read again as they change. Disposing stops the reading. */
export type Watched<T> = Disposable & { readonly current: T };

type Options<T> = {
  /** The settings that name the files, and the files. */
  files: Readonly<Record<string, string>>;
  /** What the texts mean, in the order of `files`; throws when they are broken. */
  parse(...texts: string[]): T;
  onChange?(value: T): void;
  log: Log;
  everyMs?: number;
};

/**
 * Compares what the files hold every second, so that it does not matter how they are replaced: written over, renamed,
 * a link turned, on a network disk. What is broken or missing is logged once, and the last good content stays.
 */
export function watchFiles<T>({ files, parse, onChange, log, everyMs = 1_000 }: Options<T>): Watched<T> {
  const settings = Object.keys(files);
  const paths = Object.values(files);
  let seen = Object.entries(files).map(([setting, path]) => readAtStart(setting, path));
  let current = parse(...seen);
  let isReading = false;

  const take = (texts: string[]) => {
    if (texts.every((text, at) => text === seen[at])) return;
    seen = texts;
    current = parse(...texts);
    onChange?.(current);
    log.info({ settings }, "changed files are in use");
  };
  let complaint = "";
  const look = async () => {
    if (isReading) return;
    isReading = true;
    try {
      take(await Promise.all(paths.map((path) => readFile(path, "utf8"))));
      complaint = "";
    } catch (err) {
      if (complaint !== String(err)) log.error({ err, settings }, "changed files are not usable; the last ones stay");
      complaint = String(err);
    } finally {
      isReading = false;
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();

  return {
    get current() {
      return current;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function readAtStart(setting: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw invalidField(setting, `the file ${path} cannot be read`);
  }
}
