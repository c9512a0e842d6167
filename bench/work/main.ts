/** Does one step with a big file, `fetch <url>` or `deliver <storage> <file>`, and tells how far its memory grew. */
import { writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { openStorages } from "#shared/storage/kinds.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import { readConfig } from "#worker/config.ts";
import { httpSource } from "#worker/source/http-source.ts";
import { memoryOf } from "../process.ts";

const { workDir, source, storage: storageConfig } = readConfig(process.env);
const { signal } = new AbortController();
const [step, ...args] = process.argv.slice(2);

async function fetchFrom([url = ""]: string[]) {
  await mkdir(workDir, { recursive: true });
  await httpSource(source)(url, workDir, signal);
}

async function deliver([name, file = ""]: string[]) {
  const storage = [...openStorages(storageConfig)].find(([known]) => known === name)?.[1];
  const staged = await storage?.stage(file, "output.mp4", headersFor("output.mp4"), signal);
  await staged?.publish(signal);
}

// Forgets the most that was needed to start.
writeFileSync("/proc/self/clear_refs", "5");
const before = memoryOf("self").now;
await (step === "fetch" ? fetchFrom(args) : deliver(args));
console.log(JSON.stringify({ grownBytes: Math.max(0, memoryOf("self").most - before) }));
