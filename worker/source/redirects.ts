import type { IncomingHttpHeaders } from "node:http";
import { type Guard, guardedRequest, type RequestOptions } from "#shared/net/guarded-request.ts";
import { refusalOf, type UrlRules } from "#shared/net/input-url.ts";
import { RequestFailure } from "#shared/net/request-failure.ts";
import type { Cookies } from "./cookies.ts";

const redirectStatuses = [301, 302, 303, 307, 308];
const maxRedirects = 10;

/** Requests a URL and follows redirects. The same rules hold for each hop, and each gets its own cookies only. */
export async function followRedirects(url: URL, options: RequestOptions, guard: Guard & UrlRules, cookies: Cookies) {
  const visited = new Set<string>();
  let at = url;
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    visited.add(at.href);
    const headers = { ...options.headers, ...cookies.headersFor(at) };
    const answer = await guardedRequest(at, { ...options, headers }, guard);
    await cookies.keep(at, answer.headers["set-cookie"]);
    const location = locationIn(answer.headers);
    if (!redirectStatuses.includes(answer.status) || location === undefined) return answer;
    answer[Symbol.dispose]();
    at = redirectTarget(at, location, guard);
  }
  const way = visited.has(at.href) ? "in a circle" : "on and on";
  throw new RequestFailure(`redirects ${way}, more than ${maxRedirects} times`);
}

/** The Location header; an empty one is no redirect, as in browsers and curl. */
const locationIn = ({ location }: IncomingHttpHeaders) => (location ? escaped(location) : undefined);

/**
 * Node decodes each byte of a header as one character. Escaping them one by one keeps raw UTF-8 as it was meant, and
 * sends anything else back to its server unchanged.
 */
const escaped = (header: string) =>
  header.replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);

/** The target of a redirect. Credentials in the URL are kept within an origin only. */
function redirectTarget(from: URL, location: string, rules: UrlRules): URL {
  const to = URL.parse(location, from.href);
  if (!to) throw new RequestFailure("redirects to something that is not a URL");
  if (refusalOf(to, rules)) {
    const cause = new Error(`redirect to ${to.origin}: ${refusalOf(to, rules)}`);
    throw new RequestFailure("redirects to an address that is not allowed", { cause });
  }
  if (from.protocol === "https:" && to.protocol === "http:") {
    throw new RequestFailure("redirects from https to http, which gives its protection up");
  }
  if (to.origin === from.origin && !to.username) {
    to.username = from.username;
    to.password = from.password;
  }
  to.hash = "";
  return to;
}
