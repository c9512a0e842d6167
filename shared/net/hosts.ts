import * as v from "valibot";
import { list } from "#shared/env.ts";

type Pattern = { name: string; isWildcard: boolean };
export type HostRules = {
  /** Empty for any host. */
  allowed: readonly Pattern[];
  /** Refused although they are allowed. */
  denied: readonly Pattern[];
};

/** Whether a host, as a URL spells it, is not denied and, if there is a list of allowed hosts, is on it. */
export function mayAsk(host: string, { allowed, denied }: HostRules): boolean {
  const isMatched = ({ name, isWildcard }: Pattern) => (isWildcard ? host.endsWith(`.${name}`) : host === name);
  return !denied.some(isMatched) && (allowed.length === 0 || allowed.some(isMatched));
}

/**
 * Comma separated hosts: `example.com`, `*.example.com` for every name below it, and `!bad.example.com` to refuse one.
 */
export const hostRules = v.pipe(
  list,
  v.rawTransform(({ dataset, addIssue }): HostRules => {
    const rules = { allowed: [] as Pattern[], denied: [] as Pattern[] };
    for (const entry of dataset.value) {
      const pattern = parsePattern(entry.replace(/^!\s*/, ""));
      if (pattern) rules[entry.startsWith("!") ? "denied" : "allowed"].push(pattern);
      else addIssue({ message: `${entry} is not a host; write example.com, *.example.com or !bad.example.com` });
    }
    return rules;
  }),
);

function parsePattern(text: string): Pattern | undefined {
  const host = text.replace(/^\*\./, "");
  if (!/^(\[[0-9a-f:.]+\]|[^*/\\:@?#[\]\s]+)$/i.test(host)) return undefined;
  // The spelling that hosts have in URLs: lower case, Punycode, one form of each address.
  const name = URL.parse(`http://${host}`)?.hostname.replace(/\.$/, "");
  return name ? { name, isWildcard: text !== host } : undefined;
}
