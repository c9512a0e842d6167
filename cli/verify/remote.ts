import { Fault } from "#shared/fault.ts";

// A server that says nothing for so long is given up.
const silenceMs = 30_000;

/** A file that is read from a URL: its status, and its bytes as they come. */
export type Remote = { status: number; pieces: AsyncGenerator<Uint8Array> };

/** Asks for a URL; throws `unreachable` when nobody answers, or when the answer ends or rests too early. */
export async function fetchRemote(url: string): Promise<Remote> {
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rest = () => {
    clearTimeout(timer);
    timer = setTimeout(() => late.abort(new Error(`nothing came for ${silenceMs / 1_000} s`)), silenceMs);
  };
  const unreachable = (cause: unknown) => {
    clearTimeout(timer);
    const why = cause instanceof Error ? cause.message : String(cause);
    return new Fault("unreachable", `${withoutQuery(url)} cannot be read: ${why}`, { cause });
  };
  rest();
  const answer = await fetch(url, { signal: late.signal }).catch((error) => {
    throw unreachable(error);
  });
  const pieces = async function* () {
    try {
      for await (const piece of answer.body ?? []) {
        rest();
        yield piece;
      }
    } catch (error) {
      throw unreachable(error);
    } finally {
      clearTimeout(timer);
    }
  };
  return { status: answer.status, pieces: pieces() };
}

/** The text at a URL, of at most so many bytes. */
export async function fetchText(url: string, mostBytes: number): Promise<string> {
  const { status, pieces } = await fetchRemote(url);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > mostBytes) throw new Fault("invalid", `${withoutQuery(url)} is longer than ${mostBytes} bytes`);
    parts.push(piece);
  }
  if (status !== 200) throw new Fault("not_found", `${withoutQuery(url)} is answered with ${status}`);
  return Buffer.concat(parts).toString("utf8");
}

export const isUrl = (text: string) => /^https?:\/\//i.test(text);

/** Presigned URLs have their secrets in the query. */
const withoutQuery = (url: string) => url.replace(/[?#].*$/, "");
