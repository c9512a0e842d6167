import * as v from "valibot";
import { Fault } from "#shared/fault.ts";
import { quoted } from "./setting-value.ts";

/** What `process.env` is. */
export type Env = Readonly<Record<string, string | undefined>>;

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const unitBytes = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;

/** `500ms`, `60s`, `5m`, `1h`, `7d`; milliseconds. */
export const duration = measured(unitMs, "write a duration such as 500ms, 60s, 5m or 1h");

/** `512B`, `64KiB`, `8MiB`, `5GiB`; bytes. */
export const size = measured(unitBytes, "write a size such as 64KiB, 8MiB or 5GiB");

function measured(units: Readonly<Record<string, number>>, message: string) {
  return v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(dataset.value) ?? [];
      const factor = unit === undefined ? undefined : units[unit];
      if (amount === undefined || factor === undefined) {
        addIssue({ message });
        return NEVER;
      }
      return Math.round(Number(amount) * factor);
    }),
  );
}

export const wholeNumber = (min: number, max: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d+$/, `write a whole number from ${min} to ${max}`),
    v.transform(Number),
    v.minValue(min, `write a whole number from ${min} to ${max}`),
    v.maxValue(max, `write a whole number from ${min} to ${max}`),
  );

/** `1%`, `0.5%`; a share from 0 to 1. */
export const percentage = v.pipe(
  v.string(),
  v.regex(/^\d+(\.\d+)?%$/, "write a percentage such as 1%"),
  v.transform((text) => Number.parseFloat(text) / 100),
  v.maxValue(1, "use 100% or less"),
);

export const port = wholeNumber(0, 65_535);

export const httpUrl = v.pipe(
  v.string(),
  v.check((text) => /^https?:\/\//.test(text) && URL.canParse(text), "write a URL such as https://media.example.com"),
);

export const flag = v.pipe(
  v.picklist(["true", "false"], "write true or false"),
  v.transform((text) => text === "true"),
);

/** Comma separated; blanks around an entry and empty entries are dropped. */
export const list = v.pipe(
  v.string(),
  v.transform((text) =>
    text
      .split(",")
      .map((entry) => entry.trim())
      .filter(Boolean),
  ),
);

/** A setting: what it does, how its text is read, and its default as text. */
export const setting = <const S extends v.GenericSchema<string, unknown>, D extends string | undefined = undefined>(
  description: string,
  schema: S,
  fallback?: D,
) => v.pipe(v.optional(schema, fallback as D), v.description(description));

/** Reads settings by a schema; one Fault names every variable that is wrong. An empty variable counts as unset. */
export function parseEnv<const S extends v.GenericSchema<Record<string, unknown>, unknown>>(
  schema: S,
  env: Env,
): v.InferOutput<S> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const result = v.safeParse(schema, given);
  if (result.success) return result.output;
  const fields = result.issues.map((issue) => {
    const field = v.getDotPath(issue) ?? "";
    const isMissing = given[field] === undefined && issue.received === "undefined";
    return { field, message: isMissing ? "is required" : `${issue.message}${quoted(field, given[field])}` };
  });
  throw new Fault("invalid", fields.map(({ field, message }) => `${field}: ${message}`).join("\n"), { fields });
}
