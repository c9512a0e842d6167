import type { CookieJar } from "tough-cookie";

export type Cookies = ReturnType<typeof makeCookies>;

// What RFC 6265, section 6.1, asks a client to keep at least, so a server cannot count on more.
const maxCookies = 50;
const maxBytes = 4_096;

/**
 * The cookies of one download. Each is sent to the hosts, paths and schemes that RFC 6265 names, and none is accepted
 * for a public suffix. Cookies that cannot be kept are ignored, as in browsers.
 */
export function makeCookies() {
  let jar: CookieJar | undefined;
  return {
    async keep(url: URL, lines: readonly string[] = []): Promise<void> {
      const fitting = lines.filter((line) => Buffer.byteLength(line) <= maxBytes);
      if (fitting.length === 0) return;
      // Loaded on first use, because loading the list of public suffixes takes long.
      const { CookieJar } = await import("tough-cookie");
      jar ??= new CookieJar(undefined, { looseMode: true });
      for (const line of fitting) {
        if ((jar.serializeSync()?.cookies.length ?? 0) >= maxCookies) return;
        jar.setCookieSync(line, url.href, { ignoreError: true });
      }
    },
    headersFor(url: URL): Record<string, string> {
      const cookie = jar?.getCookieStringSync(url.href);
      return cookie ? { cookie } : {};
    },
  };
}
