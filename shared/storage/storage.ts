import type { ObjectHeaders } from "./object-headers.ts";

/** An upload of which only the last step is left. One of the two is called; until then the local file must stay. */
export type Staged = {
  /** Makes the object appear, whole, in place of what was there. When it fails or is aborted it leaves nothing behind. */
  publish(signal: AbortSignal): Promise<void>;
  /** Before a publish that may replace something: notes what is there, so that `check` knows it again. */
  remember?(signal: AbortSignal): Promise<void>;
  /**
   * After the publish: throws unless the storage really has the object, of which then nothing is left. A storage that does
   * what it says lacks it.
   */
  check?(signal: AbortSignal): Promise<void>;
  /** Leaves nothing behind. Does no harm after a publish that failed. */
  discard(): Promise<void>;
};

/**
 * Where outputs and records go. Keys are relative, with `/` between segments; one that climbs out is an `invalid`
 * Fault. A failure that outlasts the storage's own retries is a `delivery_failed` Fault, whose cause says more.
 */
export type Storage = {
  /** What it is and where, for people who look after it: `s3 (bucket media at https://minio:9000)`. */
  readonly place: string;
  /**
   * Uploads a local file up to the step that shows it. When it fails or is aborted it leaves nothing behind. `onBytes`
   * hears of bytes as they arrive; a back-end may send some or all of them only when it publishes.
   */
  stage(
    file: string,
    key: string,
    headers: ObjectHeaders,
    signal: AbortSignal,
    onBytes?: (bytes: number) => void,
  ): Promise<Staged>;
  /**
   * Tries whether an object can be written to this key; shows nothing, and leaves nothing behind. `by` names who tries:
   * after a crash the same name takes the leftover away. Throws as a write would.
   */
  tryWrite?(key: string, by: string, signal: AbortSignal): Promise<void>;
  /** Removes what a `stage` of this file to this key left that a crash cut short. A storage where nothing is left lacks it. */
  unstage?(file: string, key: string): Promise<void>;
  /** Removes what `write` and `create` of processes that are gone have left. A storage where nothing is left lacks it. */
  sweep?(): Promise<void>;
  /** Puts a small text at once, whole, in place of what was there. */
  write(key: string, text: string, headers: ObjectHeaders, signal: AbortSignal): Promise<void>;
  /**
   * Puts a small text only where there is nothing yet, and tells whether it did. Also true when the very same text is
   * there, as after an answer that got lost: a text that claims something holds who claims it. A storage that cannot
   * decide between two who try at once does not have it.
   */
  create?(key: string, text: string, headers: ObjectHeaders, signal: AbortSignal): Promise<boolean>;
  /**
   * Whether `create` really refuses the second of two, of a storage of which that is not sure. It is tried once, in the
   * folder (ending in `/`), where an object stays.
   */
  decides?(folder: string, signal: AbortSignal): Promise<boolean>;
  /** The size of what is there, or undefined when there is nothing. */
  stat(key: string, signal: AbortSignal): Promise<{ bytes: number } | undefined>;
  /** A small text, or undefined when there is none. */
  read(key: string, signal: AbortSignal): Promise<string | undefined>;
  /** Every key that begins with this prefix (a folder, ending in `/`), in no order. */
  list(prefix: string, signal: AbortSignal): AsyncIterable<string>;
  /** Removes an object; that it was not there is no error. */
  remove(key: string, signal: AbortSignal): Promise<void>;
  /** Where a player reads the object. */
  urlOf(key: string): string;
};

/** Whether a storage can let only one of two have a key; `folder` is where that may be tried. */
export const canDecide = async ({ create, decides }: Storage, folder: string, signal: AbortSignal): Promise<boolean> =>
  create !== undefined && (decides === undefined || (await decides(folder, signal)));
