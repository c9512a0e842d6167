import { readFile } from "node:fs/promises";
import { join } from "node:path/posix";
import type { Client } from "basic-ftp";
import { abortable } from "#shared/async/abortable.ts";
import { inTime } from "#shared/async/in-time.ts";
import { retry } from "#shared/async/retry.ts";
import { makeSemaphore } from "#shared/async/semaphore.ts";
import { Fault } from "#shared/fault.ts";
import { type RequestLimits, requestBackoff } from "#shared/storage/request-limits.ts";
import { attemptFailed, requestSent } from "#shared/storage/requests.ts";
import { failedAt, isRetryable, replyOf, toFtpFault } from "./faults.ts";

type FtpLimits = RequestLimits & {
  /** How long a connection that nobody needs stays open. Default: 5,000. */
  idleMs: number;
};

/** The pauses take about 22 s together, so that a server can restart. */
const usualLimits: FtpLimits = { attempts: 8, firstPauseMs: 200, answerMs: 30_000, idleMs: 5_000 };

export type FtpOptions = {
  host: string;
  /** Default: 21, or 990 with implicit TLS. */
  port?: number | undefined;
  /** Default: anonymous. */
  user?: string | undefined;
  /** Default: that of an anonymous login. */
  password?: string | undefined;
  /** TLS on the usual port, on a port of its own, or none. */
  secure: "none" | "explicit" | "implicit";
  /** The folder of all keys; relative to the login's folder unless it begins with `/`. Default: the login's folder. */
  root?: string | undefined;
  /** The URL below which players read. Default: the server's own address. */
  publicUrl?: string | undefined;
  /** The path of a PEM file with the authorities to trust. Default: those of the system. */
  ca?: string | undefined;
  /** The most connections at a time. Default: 4. */
  connections?: number | undefined;
  /** In place of the usual ones. */
  limits?: Partial<FtpLimits>;
};

export type Connection = {
  /** Logged in, and used by nobody else. */
  client: Client;
  /** The path of a key on the server. */
  pathOf(key: string): string;
  /** Reports progress: the attempts are counted from one again. */
  advanced(): void;
};

/** Runs work on one connection, and again on a new one if that breaks: the work must be repeatable. */
export type Ask = <T>(work: (connection: Connection) => Promise<T>, signal: AbortSignal) => Promise<T>;

type Opened = { client: Client; root: string; lastCommand(): string };

export function ftpConnections(options: FtpOptions): Ask {
  const limits = { ...usualLimits, ...options.limits };
  const connections = makeSemaphore(options.connections ?? 4);
  const idle = new Map<Opened, ReturnType<typeof setTimeout>>();

  const takeIdle = () => {
    for (const [opened, timer] of idle) {
      idle.delete(opened);
      clearTimeout(timer);
      if (!opened.client.closed) return opened;
    }
    return undefined;
  };
  const keepIdle = (opened: Opened) => {
    const close = () => {
      idle.delete(opened);
      opened.client.close();
    };
    idle.set(opened, setTimeout(close, limits.idleMs));
  };

  const once = async <T>(work: (opened: Opened) => Promise<T>, signal: AbortSignal): Promise<T> => {
    const opened = takeIdle() ?? (await open(options, limits, signal));
    const { client } = opened;
    const cut = () => client.close();
    signal.addEventListener("abort", cut);
    try {
      signal.throwIfAborted();
      const result = await work(opened);
      keepIdle(opened);
      return result;
    } catch (error) {
      failedAt(error, opened.lastCommand());
      // After a refusal the connection is as good as before.
      const isSound = !client.closed && (replyOf(error) ?? 421) !== 421;
      if (isSound) keepIdle(opened);
      else client.close();
      throw error;
    } finally {
      signal.removeEventListener("abort", cut);
    }
  };

  return async (work, signal) => {
    using _connection = await connections.acquire(signal);
    let advances = 0;
    const advanced = () => {
      advances += 1;
    };
    const onOne = ({ client, root }: Opened) => work({ client, pathOf: (key) => join(root, key), advanced });
    const onRetry = (error: unknown) => attemptFailed(toFtpFault(error));
    const policy = { ...requestBackoff, ...limits, progress: () => advances, isRetryable, onRetry, signal };
    try {
      return await retry(() => once(onOne, signal), policy);
    } catch (error) {
      signal.throwIfAborted();
      throw toFtpFault(error);
    }
  };
}

async function open(options: FtpOptions, { answerMs }: FtpLimits, signal: AbortSignal): Promise<Opened> {
  // Loaded on first use, because most workers have no FTP storage.
  const { Client } = await import("basic-ftp");
  const { host, port, user, password, secure, root = "" } = options;
  const ca = options.ca && (await authoritiesIn(options.ca));
  const client = new Client(answerMs);
  const lastCommand = countCommands(client);
  const access = async () => {
    await client.access({
      host,
      port: port ?? (secure === "implicit" ? 990 : 21),
      ...(user && { user }),
      ...(password && { password }),
      secure: secure === "implicit" ? "implicit" : secure === "explicit",
      secureOptions: { host, ...(ca && { ca }) },
    });
    return { client, lastCommand, root: root.startsWith("/") ? root : join(await client.pwd(), root) };
  };
  try {
    return await within(access(), answerMs, signal);
  } catch (error) {
    failedAt(error, lastCommand());
    client.close();
    throw error;
  }
}

function countCommands({ ftp }: Client) {
  const send = ftp.send.bind(ftp);
  let last = "";
  ftp.send = (command) => {
    last = command.split(" ")[0] ?? "";
    // QUIT only closes a connection and does no work.
    if (command !== "QUIT") requestSent();
    send(command);
  };
  return () => last;
}

async function authoritiesIn(file: string) {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new Fault("delivery_failed", "the file that FTP_CA names cannot be read", { cause });
  }
}

/** Limits the time of connecting: the client has timeouts for its commands, but none for the TLS handshake. */
const within = <T>(work: Promise<T>, ms: number, signal: AbortSignal): Promise<T> =>
  abortable(
    inTime(work, ms, () => new Error("Timeout while connecting")),
    signal,
  );
