import { type Answer, type Ask, type Guard, guardedRequest } from "#shared/net/guarded-request.ts";
import { refusalOf, type UrlRules } from "#shared/net/input-url.ts";
import { RequestFailure } from "#shared/net/request-failure.ts";

const redirects = [301, 302, 303, 307, 308];
const maxHops = 5;

/** Asks a URL, and follows where it is sent, each hop under the same rules. */
export async function askFollowing(url: URL, ask: Ask, guard: Guard & UrlRules): Promise<Answer> {
  let at = url;
  for (let hop = 0; hop <= maxHops; hop += 1) {
    const answer = await guardedRequest(at, ask, guard);
    const { location } = answer.headers;
    if (!redirects.includes(answer.status) || location === undefined) return answer;
    answer[Symbol.dispose]();
    at = redirectTarget(at, location, guard);
  }
  throw new RequestFailure(`redirects more than ${maxHops} times`);
}

/** Where a redirect leads; credentials in the URL go along within an origin only. */
export function redirectTarget(from: URL, location: string, rules: UrlRules): URL {
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
  return to;
}
