import { createHash } from "node:crypto";

type Look = { keys(): Promise<string[]>; bytes(key: string): Promise<Uint8Array> };
type Listed = { key: string; bytes: number; sha256: string };

/** What lies beside a job's record about its objects; undefined when nothing does. */
async function listedBeside(jobId: unknown, { keys, bytes }: Look): Promise<Listed[] | undefined> {
  const key = (await keys()).find((key) => key.endsWith(`/${jobId}.objects.jsonl`));
  if (key === undefined) return undefined;
  const lines = Buffer.from(await bytes(key))
    .toString("utf8")
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line));
}

/** The keys that a job's record lists, sorted; throws where something else lies at one. Undefined without a list. */
export async function publishedKeys(jobId: unknown, look: Look): Promise<string[] | undefined> {
  const listed = await listedBeside(jobId, look);
  for (const { key, bytes, sha256 } of listed ?? []) {
    const content = await look.bytes(key);
    const hash = createHash("sha256").update(content).digest("hex");
    if (content.length !== bytes || hash !== sha256) throw new Error(`${key} is not as ${jobId} lists it`);
  }
  return listed?.map(({ key }) => key).sort();
}
