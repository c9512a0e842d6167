import { checkedInputUrl, type UrlRules } from "#shared/net/input-url.ts";
import type { Guard } from "#worker/net/guarded-request.ts";
import { makeCookies } from "./cookies.ts";
import { decoded } from "./decoded.ts";
import type { OpenSource } from "./open-source.ts";
import { askFollowing } from "./redirects.ts";
import { type AskSource, type SpoolOptions, spool } from "./spool.ts";

export type HttpSourceOptions = UrlRules & Guard & SpoolOptions;

/** Fetches http and https sources, from where they may be fetched only. */
export const httpSource =
  (options: HttpSourceOptions): OpenSource =>
  async (text, dir, signal, onBytes) => {
    const url = checkedInputUrl(text, options);
    const always = { "accept-encoding": "identity", "user-agent": "flux-encoder" };
    const cookies = makeCookies();
    const ask: AskSource = async (headers, signal) =>
      decoded(await askFollowing(url, { headers: { ...always, ...headers }, signal }, options, cookies), options);
    return spool(ask, dir, options, signal, onBytes);
  };
