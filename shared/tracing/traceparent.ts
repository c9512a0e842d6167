import { AsyncLocalStorage } from "node:async_hooks";

const current = new AsyncLocalStorage<string | undefined>();

/** The span that the caller works in, as the header `traceparent` names it: by it the trace goes on elsewhere. */
export const traceparent = () => current.getStore();

/** Works in the span that a traceparent names, or in none. */
export const within = <T>(parent: string | undefined, work: () => T): T => current.run(parent, work);

// Of version 00 nothing follows the flags; of a later one, what does is left out.
const pattern = /^(?!ff|00.{54})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?![^-])/;

/** A header of any version as one of version 00 (W3C Trace Context, section 3.2), or undefined if it is none. */
export function parseTraceparent(header: string | undefined): string | undefined {
  const [, traceId, spanId, flags] = pattern.exec(header ?? "") ?? [];
  return traceId && `00-${traceId}-${spanId}-${flags}`;
}

export const traceIdOf = (parent: string) => parent.slice(3, 35);
