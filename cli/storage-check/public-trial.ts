import { aboutFile } from "#shared/storage/about.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { failed, fine, limited, type Step } from "./finding.ts";

export type Place = {
  storage: Storage;
  /** Whether a setting names the URL that players read. */
  isPublic: boolean;
  /** The web page of a player. */
  origin: string;
};

/** Whether players reach an object, and a browser lets them. */
export function publicTrial({ storage, isPublic, origin }: Place, key: string, text: string, signal: AbortSignal) {
  const url = storage.urlOf(key);
  const { contentType } = aboutFile(key);
  const ask = () => fetch(url, { headers: { origin }, signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
  // That a storage is private is a fault only where it is said to be public.
  const unread = isPublic ? failed : limited;

  const tryUrl = async () => {
    if (!/^https?:/.test(url)) return limited(`players cannot read ${new URL(url).protocol}// addresses`);
    const answer = await ask().catch(() => undefined);
    if (!answer) return unread(`nothing answers at ${url}`);
    if (!answer.ok) return unread(`${url} answers ${answer.status}: players cannot read it`);
    if ((await answer.text()) !== text) return unread(`${url} is something else than what was put`);
    const served = answer.headers.get("content-type")?.split(";")[0] ?? "nothing";
    return served === contentType
      ? fine(`players read ${url}`)
      : failed(`playlists are served as ${served}: players need ${contentType}`);
  };

  const tryCors = async () => {
    const answer = await ask().catch(() => undefined);
    if (!answer?.ok) return limited("not tried: the object cannot be read");
    const allowed = answer.headers.get("access-control-allow-origin");
    await answer.body?.cancel();
    return allowed === "*" || allowed === origin
      ? fine(`pages of ${origin} may play it`)
      : failed(`a browser does not let pages of ${origin} play it`);
  };

  const steps: Step[] = [{ name: "public URL", run: tryUrl }];
  if (/^https?:/.test(url)) steps.push({ name: "CORS", run: tryCors });
  return steps;
}
