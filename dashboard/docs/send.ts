import { apiKey } from "../state/session.ts";
import type { requestOf } from "./request.ts";

/** What the service answered so far. */
export type Answer = {
  status: number;
  /** In Unix milliseconds less those of the request: how long until the answer began. */
  ms: number;
  text: string;
  /** Whether more may come. */
  isOpen: boolean;
};

/** A longer answer is cut: a page must stay quick. */
const longest = 50_000;

/** Sends a request with the key of this tab, and tells the answer as it comes. */
export async function send(
  { method, path, headers, body }: ReturnType<typeof requestOf>,
  onAnswer: (answer: Answer) => void,
  signal: AbortSignal,
) {
  const begun = performance.now();
  const response = await fetch(path, {
    ...{ method, signal },
    headers: {
      ...headers,
      ...(apiKey.value && { Authorization: `Bearer ${apiKey.value}` }),
      ...(body && { "Content-Type": "application/json" }),
    },
    ...(body && { body }),
  });
  const ms = performance.now() - begun;
  const { status } = response;
  let text = "";
  const tell = (isOpen: boolean) => onAnswer({ status, ms, text: isOpen ? text : indented(text), isOpen });
  tell(true);
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    if (text.length > longest) {
      text = `${text.slice(0, longest)}\n…`;
      break;
    }
    tell(true);
  }
  tell(false);
}

function indented(text: string) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
