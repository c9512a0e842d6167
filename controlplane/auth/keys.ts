import { createHash, randomBytes } from "node:crypto";
import * as v from "valibot";
import { priorities } from "#shared/job/priority.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { scopes } from "./client.ts";
import { atLeastOne, parseFile } from "./parse-file.ts";
import { parseRate } from "./rate.ts";
import { tenantName } from "./tenants.ts";

/**
 * The hash of an API key. One round of SHA-256 is enough, because a key is 256 random bits that nobody can guess; and
 * looking up by hash leaks nothing by its timing, because nobody can choose how a hash begins.
 */
export const hashOf = (key: string) => `sha256:${createHash("sha256").update(key).digest("hex")}`;

export const newKey = () => `flux_${randomBytes(32).toString("base64url")}`;

const someOf = <const Names extends readonly string[]>(names: Names) =>
  v.pipe(v.array(v.picklist(names, `use ${names.join(", ")}`)), v.nonEmpty("name at least one"));

const Entry = v.pipe(
  v.strictObject({
    // Of the client; unique within the tenant.
    name: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, "use 1 to 64 letters, digits and . _ -")),
    tenant: tenantName,
    scopes: someOf(scopes),
    hash: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, "write sha256: and 64 hex digits")),
    rate_limit: v.exactOptional(parseRate),
    max_jobs: v.exactOptional(atLeastOne),
    max_streams: v.exactOptional(atLeastOne),
    priorities: v.exactOptional(someOf(priorities)),
  }),
  v.transform(({ rate_limit, max_jobs, max_streams, ...same }) => ({
    ...same,
    /** The limits that differ from those of the settings. */
    limits: omitEmpty({ rate: rate_limit, jobs: max_jobs, streams: max_streams }),
  })),
);

/**
 * An entry of API_KEYS_FILE. It holds the hash of a key alone, so that reading the file does not allow calling. Without
 * `priorities` its orders may have all.
 */
export type KeyEntry = v.InferOutput<typeof Entry>;

const isEach = (entries: readonly KeyEntry[], same: (entry: KeyEntry) => string) =>
  new Set(entries.map(same)).size === entries.length;

const Entries = v.pipe(
  // An empty file is valid: the last key was removed.
  v.nullable(v.array(Entry, "write a list of keys"), []),
  v.check((entries) => isEach(entries, ({ hash }) => hash), "two entries have the same hash"),
  v.check((entries) => isEach(entries, ({ tenant, name }) => `${tenant}/${name}`), "a tenant has two keys of one name"),
);

export const byHash = (entries: readonly KeyEntry[]): ReadonlyMap<string, KeyEntry> =>
  new Map(entries.map((entry) => [entry.hash, entry]));

/** Parses API_KEYS_FILE, which is YAML or JSON. */
export const parseKeys = (text: string) => parseFile("API_KEYS_FILE", Entries, text);
