import { codeOf } from "#shared/errors.ts";
import { Fault } from "#shared/fault.ts";
import { connectionMessages, full, refusedCredentials, tooSlow } from "#shared/storage/error-messages.ts";

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
// The message of basic-ftp when the server refused every way to open a data connection.
const noPassiveMode = /transfer strategies work.*FTPError: 5/;

// Replies that share a code are told apart by their texts.
const sayings: readonly (readonly [RegExp, string])[] = [
  [/must use encryption|(tls|ssl|encryption) (is )?required/i, "the storage accepts encrypted connections only"],
  [/^530 please login/i, "the storage does not speak TLS"],
  [noPassiveMode, activeOnly],
  [/transfer strategies work/, "the storage's data connections cannot be reached: its passive ports or their address"],
  [/writing to local file|quota|disk full|no space/i, full],
  [/timeout/i, tooSlow],
  [/session reuse/i, "the storage refused the encrypted data connection"],
];

/** The code of the server's reply; undefined when the connection failed instead. */
export const replyOf = (error: unknown): number | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "number" ? error.code : undefined;

/** Whether the file is missing or may not be accessed: servers do not distinguish the two. */
export const isMissing = (error: unknown) => replyOf(error) === 550;

/** Whether the file may be missing: some servers answer like this for that, others for a file in use. */
export const mayBeMissing = (error: unknown) => [450, 551].includes(replyOf(error) ?? 0);

/** Whether the server does not know the command or its argument. */
export const isUnknownCommand = (error: unknown) => [500, 502, 504].includes(replyOf(error) ?? 0);

const failedCommands = new WeakMap<Error, string>();

/** Remembers which command an error belongs to. */
export function failedAt(error: unknown, command: string) {
  if (error instanceof Error) failedCommands.set(error, command);
}

/** Whether the server refuses for good, so that asking again is useless. */
export const isRefusal = (error: unknown) => (replyOf(error) ?? 0) >= 500;

/** Whether the same request may succeed in a while. */
export function isRetryable(error: unknown): boolean {
  if (error instanceof Fault || isRefusal(error) || replyOf(error) === 452) return false;
  if (error instanceof Error && noPassiveMode.test(error.message)) return false;
  return !/CERT|ERR_TLS|ERR_SSL|SIGNATURE|^ENOENT$/.test(codeOf(error));
}

/** The fault of a delivery that an error of the server or the connection stands for. Clients may read its message. */
export function toFtpFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const message = error instanceof Error ? error.message : "";
  const said = sayings.find(([pattern]) => pattern.test(message))?.[1] ?? lackOf(error);
  const reply = replyOf(error);
  const unknown = reply ? `the storage answered with an error (${reply})` : "the storage cut the connection";
  return new Fault("delivery_failed", said ?? messages[codeOf(error)] ?? unknown, { cause: error });
}

/** What a server lacks when it does not know a command. */
function lackOf(error: unknown): string | undefined {
  const command = error instanceof Error && isUnknownCommand(error) ? failedCommands.get(error) : undefined;
  if (!command) return undefined;
  if (["AUTH", "PBSZ", "PROT"].includes(command)) return "the storage does not speak TLS";
  return ["EPSV", "PASV"].includes(command) ? activeOnly : `the storage does not know the command ${command}`;
}
