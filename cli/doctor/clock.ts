import { fault, ok, type Verdict, warning } from "#cli/finding.ts";
import type { Config } from "#controlplane/config.ts";
import type { StorageConfig } from "#shared/storage/settings.ts";

/** A clock elsewhere, and how far ours may be from it before something is refused. */
type Reference = { whose: string; url: string; limitMs: number; refusal: string };

const minuteMs = 60_000;
const noticeableMs = 5_000;
const answerMs = 5_000;
const advice = "let NTP set it (timedatectl set-ntp true)";

/** Holds this machine's clock against those of the servers that care, by their Date header. */
export async function checkClock(
  storage: StorageConfig | undefined,
  jwt: Config["access"]["jwt"],
  server: string | undefined,
): Promise<Verdict> {
  const references = [...s3Clock(storage), ...issuerClock(jwt), ...serverClock(server)];
  if (references.length === 0) return ok("nothing here depends on it");
  const verdicts = await Promise.all(references.map(compare));
  const worst = ["fault", "warning", "ok"].flatMap((state) => verdicts.filter((verdict) => verdict?.state === state));
  return worst[0] ?? warning(`not compared: ${references.map(({ whose }) => whose).join(", ")} did not tell the time`);
}

const s3Clock = (storage: StorageConfig | undefined): Reference[] => {
  const s3 = storage?.s3;
  const url = s3?.endpoint ?? `https://s3.${s3?.region ?? "us-east-1"}.amazonaws.com`;
  return s3 ? [{ whose: "the S3 store", url, limitMs: 15 * minuteMs, refusal: "it refuses more than 15 min" }] : [];
};

const issuerClock = (jwt: Config["access"]["jwt"]): Reference[] =>
  jwt ? [{ whose: "the token issuer", url: jwt.jwksUrl, limitMs: minuteMs / 2, refusal: "tokens allow 30 s" }] : [];

const serverClock = (server: string | undefined): Reference[] =>
  server ? [{ whose: "the service", url: server, limitMs: minuteMs, refusal: "times of jobs will mislead" }] : [];

async function compare({ whose, url, limitMs, refusal }: Reference): Promise<Verdict | undefined> {
  const answer = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(answerMs) }).catch(() => undefined);
  const theirs = Date.parse(answer?.headers.get("date") ?? "");
  if (Number.isNaN(theirs)) return undefined;
  const aheadMs = Date.now() - theirs;
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  const words = `${seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} that of ${whose}`;
  if (Math.abs(aheadMs) > limitMs) return fault(`${words}: ${refusal}`, advice);
  return Math.abs(aheadMs) > noticeableMs ? warning(words, advice) : ok(`agrees with that of ${whose}`);
}
