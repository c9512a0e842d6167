import type { Call } from "./openapi.ts";

/** What was filled in for a call: its parameters by name, and its body. */
export type Filled = { parameters: Readonly<Record<string, string>>; body: string };

type Request = { method: string; path: string; headers: Record<string, string>; body: string };

/** The request of a call with what was filled in; what is empty is left out, and a path keeps its braces. */
export function requestOf({ method, path, parameters = [] }: Call, { parameters: values, body }: Filled): Request {
  const given = parameters.flatMap(({ name, in: where }) => {
    const value = values[name]?.trim();
    return value ? [{ name, where, value }] : [];
  });
  const of = (kind: string) => given.filter(({ where }) => where === kind);
  const query = new URLSearchParams(Object.fromEntries(of("query").map(({ name, value }) => [name, value]))).toString();
  const filled = of("path").reduce(
    (text, { name, value }) => text.replace(`{${name}}`, encodeURIComponent(value)),
    path,
  );
  return {
    method,
    path: query ? `${filled}?${query}` : filled,
    headers: Object.fromEntries(of("header").map(({ name, value }) => [name, value])),
    body,
  };
}
