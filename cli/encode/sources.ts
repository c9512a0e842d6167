import type { Order } from "#client/client.ts";
import { Fault } from "#shared/fault.ts";
import { clipOfText } from "#shared/job/clip.ts";
import type { Input } from "./inputs.ts";

/** What one job is made of, and what it is called. */
type Film = Omit<Input, "url"> & { sources: Pick<Order, "input_url" | "inputs" | "clip"> };

type Options = {
  /** The part of each source that is taken, or one each of those that are joined. */
  clip?: readonly string[] | undefined;
  /** Whether all are joined to one film. */
  join?: boolean | undefined;
};

/** What each job is made of: an input alone, or all of them. */
export function sourcesFor(inputs: readonly Input[], { clip = [], join = false }: Options): Film[] {
  if (!join) {
    const [range, ...more] = clip;
    if (more.length > 0) throw new Fault("invalid", "--clip is given more than once, which is for --join");
    const part = range === undefined ? {} : { clip: clipOfText(range) };
    return inputs.map(({ url, ...input }) => ({ ...input, sources: { input_url: url, ...part } }));
  }
  const [first] = inputs;
  if (!first || inputs.length === 1) throw new Fault("invalid", "--join needs more than one input");
  if (clip.length > 0 && clip.length !== inputs.length)
    throw new Fault(
      "invalid",
      `with --join, --clip is given once for each of the ${inputs.length} inputs, in their order: 0- takes all of one`,
    );
  const parts = inputs.map(({ url }, at) => ({ url, ...partIn(clip[at]) }));
  const { url: _, name, ...same } = first;
  return [{ ...same, name: `${name} and ${inputs.length - 1} more`, sources: { inputs: parts } }];
}

const partIn = (range: string | undefined) =>
  range === undefined || range.trim() === "0-" ? {} : { clip: clipOfText(range) };

/** Where the sources of an order are. */
export const urlsOf = ({ input_url, inputs }: Pick<Order, "input_url" | "inputs">): string[] => [
  ...(input_url === undefined ? [] : [input_url]),
  ...(inputs ?? []).map(({ url }) => url),
];

/** The same order with other addresses of its sources, in the same order. */
export const withUrls = (order: Order, urls: readonly string[]): Order => {
  const { input_url, inputs } = order;
  if (inputs) return { ...order, inputs: inputs.map((one, at) => ({ ...one, url: urls[at] ?? one.url })) };
  return { ...order, input_url: urls[0] ?? input_url ?? "" };
};
