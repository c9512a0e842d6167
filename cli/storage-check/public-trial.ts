import { fault, ok, type Verdict, warning } from "#cli/finding.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { publicUrlOf } from "#shared/uploads/public-url.ts";
import type { UploadPlace } from "#shared/uploads/upload-url.ts";

export type Step = {
  /** What the line begins with. */
  name: string;
  /** Tries it; what it throws is the fault. */
  run(): Promise<Verdict>;
};

export type Place = {
  /** The storage that is tried. */
  storage: Storage;
  /** Whether a setting names the URL that players read. */
  isPublic: boolean;
  /** The folder of uploads, which must be private; absent where they lie elsewhere or there are none. */
  uploadPrefix?: string;
  /** The web page of a player; without it CORS is not tried. */
  origin?: string;
};

/** Whether players reach an object, and a browser lets them. */
export function publicTrial(
  { storage, isPublic, origin, uploadPrefix }: Place,
  key: string,
  text: string,
  signal: AbortSignal,
) {
  const url = storage.urlOf(key);
  const { contentType } = headersFor(key);
  const headers: Record<string, string> = origin ? { origin } : {};
  const ask = () => fetch(url, { headers, signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
  // That a storage is private is a fault only where it is said to be public.
  const unread = isPublic ? fault : warning;

  const tryUrl = async () => {
    if (!/^https?:/.test(url)) return warning(`players cannot read ${new URL(url).protocol}// addresses`);
    const answer = await ask().catch(() => undefined);
    if (!answer) return unread(`nothing answers at ${url}`);
    if (!answer.ok) return unread(`${url} answers ${answer.status}: players cannot read it`);
    if ((await answer.text()) !== text) return unread(`${url} is something else than what was put`);
    const served = answer.headers.get("content-type")?.split(";")[0] ?? "nothing";
    return served === contentType
      ? ok(`players read ${url}`)
      : fault(`playlists are served as ${served}: players need ${contentType}`);
  };

  const tryCors = async () => {
    const answer = await ask().catch(() => undefined);
    if (!answer?.ok) return warning("not tried: the object cannot be read");
    const allowed = answer.headers.get("access-control-allow-origin");
    await answer.body?.cancel();
    return allowed === "*" || allowed === origin
      ? ok(`pages of ${origin} may play it`)
      : fault(`a browser does not let pages of ${origin} play it`);
  };

  const steps: Step[] = [{ name: "public URL", run: tryUrl }];
  if (origin && /^https?:/.test(url)) steps.push({ name: "CORS", run: tryCors });
  if (uploadPrefix !== undefined) {
    const place = { storage, prefix: uploadPrefix };
    steps.push({ name: "uploads", run: () => tryPrivate(place, signal) });
  }
  return steps;
}

async function tryPrivate(place: UploadPlace, signal: AbortSignal): Promise<Verdict> {
  const url = await publicUrlOf(place, signal);
  if (url === undefined) return ok(`uploads lie in ${place.prefix}, which nobody can read without the storage's key`);
  return fault(`everybody can read uploads below ${url}`);
}
