import * as v from "valibot";
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { Preset } from "./schema.ts";

export type Parsed = {
  /** Those without a problem. */
  presets: Preset[];
  /** One line for each mistake, with the place in the text. */
  problems: string[];
};

/** Reads a file with one preset, or with a list under `presets:`. A problem has the form `file:line: field: reason`. */
export function parsePresets(text: string, file: string): Parsed {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const problem = (offset: number, reason: string) => `${file}:${lineCounter.linePos(offset).line || 1}: ${reason}`;
  if (document.errors.length > 0) {
    return { presets: [], problems: document.errors.map(({ pos, message }) => problem(pos[0], message)) };
  }

  const content: unknown = document.toJS();
  const result = v.safeParse(isList(content) ? PresetList : OnePreset, content);
  if (result.success) return { presets: result.output.presets, problems: [] };
  const problems = result.issues.map((issue) => {
    const path = issue.path?.map(({ key }) => key) ?? [];
    return problem(offsetOf(document.contents, path), [path.join("."), wording(issue)].filter(Boolean).join(": "));
  });
  return { presets: [], problems };
}

const OnePreset = v.pipe(
  Preset,
  v.transform((preset) => ({ presets: [preset] })),
);
const PresetList = v.strictObject({
  presets: v.pipe(v.array(Preset, "write a list of presets"), v.nonEmpty("list at least one preset")),
});

const isList = (content: unknown) => typeof content === "object" && content !== null && "presets" in content;

function wording(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === "never") return "there is no such setting";
  if (issue.kind === "schema" && issue.received === "undefined") return "is required";
  return issue.type === "strict_object" ? "write settings as `name: value`" : issue.message;
}

/** Where the last step of a path that exists in the file begins: a key of a map or an item of a list. */
function offsetOf(root: Node | null, path: readonly unknown[]): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const key of path) {
    const next = step(node, key);
    if (!next) break;
    offset = next.offset ?? offset;
    node = next.node;
  }
  return offset;
}

function step(node: unknown, key: unknown): { node: unknown; offset: number | undefined } | undefined {
  if (isSeq<Node>(node)) {
    const item = node.items[Number(key)];
    return item && { node: item, offset: item.range?.[0] };
  }
  if (!isMap<Node, Node>(node)) return undefined;
  const pair = node.items.find((entry) => isScalar(entry.key) && entry.key.value === key);
  return pair && { node: pair.value, offset: pair.key.range?.[0] };
}
