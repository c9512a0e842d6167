import { RedisClient } from "bun";
import * as v from "valibot";
import { inTime } from "#shared/async/in-time.ts";
import { codeOf } from "#shared/errors.ts";
import { Fault, fieldFault } from "#shared/fault.ts";

const misconfigured = (message: string, cause?: unknown) => fieldFault("invalid", "QUEUE_URL", message, { cause });

const answerMs = 2_000;

/**
 * Looks once at how Redis is set up. Throws `invalid` where it would lose orders, or refuses us for good. Resolves with
 * what may lose orders or could not be found out; undefined when all is well.
 */
export async function checkRedis(url: string): Promise<string | undefined> {
  // A wrong password is told by a command only, not by connect(): this client queues it until it is connected.
  const client = new RedisClient(url, { autoReconnect: false, enableOfflineQueue: true, connectionTimeout: answerMs });
  const tooLate = () => new Error(`no answer within ${answerMs} ms`);
  const configOf = async (name: string) => v.parse(Config, await client.send("CONFIG", ["GET", name]))[name];
  try {
    const asked = Promise.all([configOf("appendonly"), configOf("maxmemory-policy"), configOf("appendfsync")]);
    const [appendonly, policy, appendfsync] = await inTime(asked, answerMs, tooLate);
    if (appendonly === "no") throw misconfigured("Redis forgets orders when it restarts: set `appendonly yes` there");
    if (policy !== undefined && policy !== "noeviction")
      throw misconfigured(
        `Redis drops orders when its memory is full (${policy}): set \`maxmemory-policy noeviction\` there`,
      );
    if (appendonly === undefined) return unreadable("no answer");
    return appendfsync === "always" ? undefined : written(appendfsync);
  } catch (error) {
    if (error instanceof Fault) throw error;
    return problemIn(error);
  } finally {
    client.close();
  }
}

// A map in RESP3; a list of names and values in RESP2.
const Config = v.union([
  v.pipe(
    v.array(v.string()),
    v.transform(
      (texts): Record<string, string | undefined> => (texts.length > 1 ? { [texts[0] ?? ""]: texts[1] } : {}),
    ),
  ),
  v.record(v.string(), v.optional(v.string())),
]);

const written = (when = "unknown") =>
  `Redis answers before orders are on its disk (appendfsync ${when}): the last seconds' are lost when it or its machine dies; set \`appendfsync always\` there to lose none`;

const unreadable = (reason: string) =>
  `Redis does not say whether it keeps orders (${reason}): see that it has \`appendonly yes\` and \`maxmemory-policy noeviction\``;

function problemIn(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  if (/^(WRONGPASS|NOAUTH)|invalid password/i.test(message) || code === "ERR_REDIS_AUTHENTICATION_FAILED")
    throw misconfigured("Redis refuses the user or password: write them as redis://user:password@host:6379", error);
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    throw misconfigured("the certificate of Redis is for another host name: write the one that it names", error);
  if (/CERT|TLS|SSL|VERIFY/.test(code))
    throw misconfigured(
      `the certificate of Redis is not accepted (${code}): name its authority in NODE_EXTRA_CA_CERTS`,
      error,
    );
  if (/^(NOPERM|ERR )/.test(message)) return unreadable(message);
  return `Redis is not reached (${message}): orders cannot wait until it is; a port with TLS needs rediss://, others redis://`;
}
