import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Order, Preset, Priority } from "#client/client.ts";
import { Fault } from "#shared/fault.ts";
import type { Metric } from "#shared/job/metric.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { unknownPreset } from "#shared/unknown-preset.ts";
import { checkName, type Destination } from "./destination.ts";
import type { Input } from "./inputs.ts";
import type { PictureOptions } from "./picture-options.ts";
import { sourcesFor, urlsOf } from "./sources.ts";

/** One job to order. */
export type Task = {
  /** What it is called in what is printed. */
  name: string;
  /** Where its output goes. */
  path: string;
  /** What is posted. */
  order: Order;
};

type Options = {
  preset: string;
  one?: Destination["one"] | undefined;
  priority?: Priority;
  measure?: Metric;
  vmaf?: number;
  workers?: number;
  params?: Order["params"] | undefined;
  clip?: readonly string[];
  join?: boolean;
  /** What the orders say of the picture, of what is laid over it, and of the sound. */
  picture?: PictureOptions & Pick<Order, "overlay" | "subtitles" | "audio">;
  thumbnails?: Order["thumbnails"] | undefined;
  overwrite?: boolean | undefined;
};

/** What to order for each input. Nothing has begun when two outputs would be one. */
export function tasksFor(inputs: readonly Input[], offered: readonly Preset[], options: Options): Task[] {
  const { preset, one, overwrite, priority, measure, vmaf, workers, params, picture, thumbnails } = options;
  const chosen = offered.find(({ name }) => name === preset);
  if (!chosen) {
    const names = offered.map(({ name }) => name);
    throw new Fault("invalid", unknownPreset(preset, names));
  }
  const films = sourcesFor(inputs, options);
  if (one && films.length > 1)
    throw new Fault(
      "invalid",
      `${one.option} names one output, and there are ${films.length} inputs; --join makes one film of them`,
    );
  if (one) checkName(one, chosen);
  const tasks = films.map(({ name, folder, stem, sources }) => {
    const path =
      one?.path ?? `${folder && `${folder}/`}${stem}_${preset}${chosen.extension ? `.${chosen.extension}` : "/"}`;
    const output = { path, ...(overwrite && { overwrite }) };
    const asked = {
      ...omitEmpty({ priority, measure }),
      ...(vmaf !== undefined && { quality: { vmaf } }),
      ...(workers !== undefined && { workers }),
      ...(params && { params }),
      ...picture,
      ...(thumbnails && { thumbnails }),
    };
    return { name, path, order: { ...sources, preset, output, ...asked } };
  });
  refuseCollisions(tasks);
  return tasks;
}

/** Outputs that are made anew must not take the place of what they, or others, are made of. */
export async function refuseOwnSources(tasks: readonly Task[], outputDir: string) {
  const urls = tasks.flatMap(({ order }) => urlsOf(order)).filter((url) => url.startsWith("file:"));
  const sources = new Set(await Promise.all(urls.map((url) => realpath(fileURLToPath(url)))));
  for (const { path } of tasks) {
    const output = join(outputDir, path);
    const replaced = await realpath(output).catch(() => output);
    if (sources.has(replaced))
      throw new Fault("invalid", `${output} is a source, and would be replaced: choose another --path or --output`);
  }
}

function refuseCollisions(tasks: readonly Task[]) {
  const colliding = [...Map.groupBy(tasks, ({ path }) => path).entries()].filter(([, alike]) => alike.length > 1);
  if (colliding.length === 0) return;
  const lines = colliding.map(
    ([path, alike]) => `${alike.map(({ name }) => name).join(" and ")} would both be ${path}`,
  );
  throw new Fault("invalid", `${lines.join("; ")}: rename one, or encode them apart`);
}
