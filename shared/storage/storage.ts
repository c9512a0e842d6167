import type { ObjectHeaders } from "./object-headers.ts";

/**
 * An upload of which only the last step is left: either `publish` or `discard` is called. Until then the local file
 * must stay.
 */
export type Staged = {
  /**
   * Makes the object appear, whole, in place of what was there. When it fails or is aborted it leaves nothing behind.
   */
  publish(signal: AbortSignal): Promise<void>;
  /**
   * Called before a publish that may replace an object: notes what is there, so that `check` can tell it from the new
   * one.
   */
  remember?(signal: AbortSignal): Promise<void>;
  /**
   * Called after the publish: throws unless the storage really has the object, and removes what it has of it. Missing
   * for storages whose confirmation can be trusted.
   */
  check?(signal: AbortSignal): Promise<void>;
  /** Removes what was uploaded. It may also be called after a publish that failed. */
  discard(): Promise<void>;
};

/** What tells the content of an object: its size and, in hex, its SHA-256. */
export type Content = { bytes: number; sha256: string };

/** Which of the keys of a folder to list. */
export type ListPart = {
  /** Only keys that sort behind this text. */
  after: string;
  /** At most this many, the first ones. */
  limit: number;
};

/**
 * Where outputs and records go. Keys are relative, with `/` between segments; one that climbs out is an `invalid`
 * Fault. A failure that outlasts the storage's own retries is a `delivery_failed` Fault, whose cause says more.
 */
export type Storage = {
  /** The kind and address for operators, such as `s3 (bucket media at https://minio:9000)`. */
  readonly place: string;
  /** Whether objects lie on a disk of this machine, which other machines may not see. */
  readonly isOnDisk?: boolean;
  /**
   * Uploads a local file up to the step that makes it visible. When it fails or is aborted it leaves nothing behind.
   * `onBytes` is called as bytes arrive; some storages send some or all of them only when they publish.
   */
  stage(
    file: string,
    key: string,
    headers: ObjectHeaders,
    signal: AbortSignal,
    onBytes?: (bytes: number) => void,
  ): Promise<Staged>;
  /**
   * Tries whether an object can be written to this key, and throws as a write would. Nothing becomes visible or stays
   * behind. `by` names the caller: after a crash a call with the same name removes the leftover.
   */
  tryWrite?(key: string, by: string, signal: AbortSignal): Promise<void>;
  /** Removes what a `stage` of this file to this key has left after a crash. Missing where nothing is ever left. */
  unstage?(file: string, key: string): Promise<void>;
  /** Removes what `write` and `create` of dead processes have left. Missing where nothing is ever left. */
  sweep?(): Promise<void>;
  /** Writes a small text in one step, in place of what was there. */
  write(key: string, text: string, headers: ObjectHeaders, signal: AbortSignal): Promise<void>;
  /**
   * Writes a small text only where there is nothing yet, and returns whether it is there: true also when the very same
   * text was there, because an earlier answer may have been lost. So a text that claims something must say who claims
   * it. Missing for storages that cannot decide between two simultaneous calls.
   */
  create?(key: string, text: string, headers: ObjectHeaders, signal: AbortSignal): Promise<boolean>;
  /**
   * Whether `create` really refuses the second of two calls. It is tried out once, and leaves an object in the folder
   * (ending in `/`). Missing for storages where that is certain.
   */
  decides?(folder: string, signal: AbortSignal): Promise<boolean>;
  /** The size of an object; undefined when there is none. */
  stat(key: string, signal: AbortSignal): Promise<{ bytes: number } | undefined>;
  /** Whether an object has this content. It is read, however large it is, only where its size is the same. */
  compare(key: string, content: Content, signal: AbortSignal): Promise<"same" | "different" | "missing">;
  /** The content of a small text; undefined when there is none. */
  read(key: string, signal: AbortSignal): Promise<string | undefined>;
  /**
   * Copies an object to a local file, in place of what is there, and returns its size; undefined when there is no such
   * object. One that has more than `mostBytes` is a `too_large` Fault. When it fails or is aborted there is no file.
   */
  fetch(key: string, file: string, signal: AbortSignal, mostBytes?: number): Promise<{ bytes: number } | undefined>;
  /**
   * All keys below a folder, which ends in `/`, in no particular order. With a part to list they come sorted by their
   * bytes; how much that saves depends on the storage.
   */
  list(prefix: string, signal: AbortSignal, part?: ListPart): AsyncIterable<string>;
  /** Removes an object. A missing object is no error. */
  remove(key: string, signal: AbortSignal): Promise<void>;
  /** Where a player reads the object. */
  urlOf(key: string): string;
};

/**
 * Whether only one of two simultaneous calls of `create` can succeed. `folder`, ending in `/`, is where that is tried.
 */
export const canDecide = async ({ create, decides }: Storage, folder: string, signal: AbortSignal): Promise<boolean> =>
  create !== undefined && (decides === undefined || (await decides(folder, signal)));
