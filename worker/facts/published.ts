import type { Facts } from "#shared/job/facts.ts";

type Published = {
  /** The key under which a file of the output is published. */
  keyOf(name: string): string;
  /** The key of the entry. */
  entryKey: string;
  /** How many files are published. */
  files: number;
  /** All of their bytes. */
  bytes: number;
};

/** The facts of an output, whose renditions go by the names of files, as they are told of what is published. */
export function publishedFacts(
  { outputs, quality, ...same }: Facts,
  { keyOf, entryKey, files, bytes }: Published,
): Facts {
  const folder = entryKey.slice(0, entryKey.lastIndexOf("/") + 1);
  const pathOf = (path: string) => {
    const [name = "", ...within] = path.split("#");
    const key = keyOf(name);
    return [key.startsWith(folder) ? key.slice(folder.length) : key, ...within].join("#");
  };
  const published = <R extends { path: string }>(renditions: readonly R[]): R[] =>
    renditions.map((rendition) => ({ ...rendition, path: pathOf(rendition.path) }));
  return {
    ...same,
    ...(outputs && { outputs: { ...outputs, files, bytes, renditions: published(outputs.renditions) } }),
    ...(quality && { quality: { ...quality, renditions: published(quality.renditions) } }),
  };
}
