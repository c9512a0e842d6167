import type { CookieJar } from "tough-cookie";

export type Cookies = ReturnType<typeof makeCookies>;

// The least that RFC 6265, section 6.1, asks a client to keep, and therefore the most that a server can count on.
const maxCookies = 50;
const maxBytes = 4_096;

/**
 * The cookies of one fetch, each for the hosts, paths and schemes that RFC 6265 names and for no public suffix. What
 * cannot be kept is ignored, as browsers do.
 */
export function makeCookies() {
  let jar: CookieJar | undefined;
  return {
    async keep(url: URL, lines: readonly string[] = []): Promise<void> {
      const fitting = lines.filter((line) => Buffer.byteLength(line) <= maxBytes);
      if (fitting.length === 0) return;
      // Loaded when it is first needed, because the list of public suffixes takes longer than anything else here.
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
