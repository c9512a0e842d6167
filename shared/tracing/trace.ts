import { within } from "./traceparent.ts";

/** What is known of a span, named by OpenTelemetry's semantic conventions; never a secret or an address with a query. */
type Attributes = Readonly<Record<string, string | number>>;

export type Span = {
  /** Gives it another name. */
  rename(name: string): void;
  /** Adds attributes, or replaces them. */
  set(attributes: Attributes): void;
  /** Marks it as failed; what its work throws does so by itself. */
  fail(error: unknown): void;
};

type SpanKind = "internal" | "server" | "client" | "consumer";

type SpanOptions = { kind?: SpanKind; parent?: string | undefined; attributes?: Attributes };

export type Trace = {
  /** Does work as a span: below the one that `parent` names, else below the one that the caller works in. */
  span<T>(name: string, options: SpanOptions, work: (span?: Span) => T | Promise<T>): Promise<T>;
  /** Sends what has not been sent, for a short while at most. */
  close(): Promise<void>;
};

/** Makes no spans; a trace that others make is passed on. */
export const noSpans: Trace = {
  span: async (_name, { parent }, work) => (parent ? within(parent, work) : work()),
  close: async () => {},
};
