import { Fault } from "#shared/fault.ts";
import { codeOf, connectionMessages, full, refusedCredentials, tooSlow } from "#shared/storage/error-messages.ts";

const messages: Readonly<Record<string, string>> = {
  ...connectionMessages,
  ENOENT: "the file to be uploaded is gone",
  "421": "the storage has too many connections",
  "452": full,
  "522": "the storage refused the encrypted data connection",
  "530": refusedCredentials,
  "532": "the storage asks for an account",
  "550": "the storage does not allow this, or has no such folder",
  "552": full,
  "553": "the storage does not allow this, or has no such folder",
  ERR_SSL_WRONG_VERSION_NUMBER: "the storage does not speak TLS on this port",
};

const activeOnly = "the storage offers no passive mode (EPSV or PASV), and no other is used";
// What basic-ftp says when the server refused each way to connect for data.
const noPassiveMode = /transfer strategies work.*FTPError: 5/;

// Replies that share a code with others are told apart by what they say.
const sayings: readonly (readonly [RegExp, string])[] = [
  [/must use encryption|(tls|ssl|encryption) (is )?required/i, "the storage accepts encrypted connections only"],
  [/^530 please login/i, "the storage does not speak TLS"],
  [noPassiveMode, activeOnly],
  [/transfer strategies work/, "the storage's data connections cannot be reached: its passive ports or their address"],
  [/writing to local file|quota|disk full|no space/i, full],
  [/timeout/i, tooSlow],
  [/session reuse/i, "the storage refused the encrypted data connection"],
];

/** The server's own refusal: its reply code. Undefined when the connection failed. */
export const replyOf = (error: unknown): number | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "number" ? error.code : undefined;

/** There is no such file, or it may not be touched: servers do not tell the two apart. */
export const isMissing = (error: unknown) => replyOf(error) === 550;

/** The same for some servers, while others say so of a file that is in use. */
export const mayBeMissing = (error: unknown) => [450, 551].includes(replyOf(error) ?? 0);

/** The server does not know the command, or not what it was told with it. */
export const isUnknownCommand = (error: unknown) => [500, 502, 504].includes(replyOf(error) ?? 0);

const failedCommands = new WeakMap<Error, string>();

/** Says which command an error answers. */
export function failedAt(error: unknown, command: string) {
  if (error instanceof Error) failedCommands.set(error, command);
}

/** A refusal that comes again however often one asks. */
export const isRefusal = (error: unknown) => (replyOf(error) ?? 0) >= 500;

/** Whether the same request may succeed in a while. */
export function isRetryable(error: unknown): boolean {
  if (error instanceof Fault || isRefusal(error) || replyOf(error) === 452) return false;
  if (error instanceof Error && noPassiveMode.test(error.message)) return false;
  return !/CERT|ERR_TLS|ERR_SSL|SIGNATURE|^ENOENT$/.test(codeOf(error));
}

/** What a server's error means for a delivery, in words that a client may read. */
export function toFtpFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const message = error instanceof Error ? error.message : "";
  const said = sayings.find(([pattern]) => pattern.test(message))?.[1] ?? lackOf(error);
  const reply = replyOf(error);
  const unknown = reply ? `the storage answered with an error (${reply})` : "the storage cut the connection";
  return new Fault("delivery_failed", said ?? messages[codeOf(error)] ?? unknown, { cause: error });
}

/** What a server lacks that does not know a command. */
function lackOf(error: unknown): string | undefined {
  const command = error instanceof Error && isUnknownCommand(error) ? failedCommands.get(error) : undefined;
  if (!command) return undefined;
  if (["AUTH", "PBSZ", "PROT"].includes(command)) return "the storage does not speak TLS";
  return ["EPSV", "PASV"].includes(command) ? activeOnly : `the storage does not know the command ${command}`;
}
