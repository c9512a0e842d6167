import type { Guard } from "#shared/net/guarded-request.ts";
import { checkedInputUrl, type UrlRules } from "#shared/net/input-url.ts";
import { makeCookies } from "./cookies.ts";
import { type DownloadOptions, downloadSource } from "./download.ts";
import type { RequestSource } from "./range-request.ts";
import { followRedirects } from "./redirects.ts";
import type { OpenSource } from "./source.ts";

export type HttpSourceOptions = UrlRules & Guard & DownloadOptions;

/** Downloads sources by http and https, from allowed addresses only. */
export const httpSource =
  (options: HttpSourceOptions): OpenSource =>
  async (text, dir, signal, onBytes, locate) => {
    const url = checkedInputUrl(text, options);
    const always = { "accept-encoding": "identity", "user-agent": "flux-encoder" };
    const cookies = makeCookies();
    const ask: RequestSource = (headers, signal) =>
      followRedirects(url, { headers: { ...always, ...headers }, signal }, options, cookies);
    return downloadSource(ask, dir, options, signal, onBytes, locate);
  };
