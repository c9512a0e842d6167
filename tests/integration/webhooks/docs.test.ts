import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { newSecret, parseSecret, signatureOf } from "#shared/webhooks/signing.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";

const page = await Bun.file(join(import.meta.dir, "../../../docs/webhooks.md")).text();
const snippet = (language: string) => new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s").exec(page)?.[1] ?? "";

const [secret, other] = [newSecret(), newSecret()];
const body = '{"message":"東京"}';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

function headersAt(ms: number) {
  const signed = { id: "job-7", timestamp: String(Math.floor(ms / 1_000)), body };
  const secrets = [other, secret].map(parseSecret).filter((one) => one !== undefined);
  return {
    "webhook-id": signed.id,
    "webhook-timestamp": signed.timestamp,
    "webhook-signature": signatureOf(signed, secrets),
  };
}

const cases = () => [
  { secret, headers: headersAt(Date.now()), body, is: true },
  { secret: newSecret(), headers: headersAt(Date.now()), body, is: false },
  { secret, headers: headersAt(Date.now()), body: `${body} `, is: false },
  { secret, headers: headersAt(Date.now() - 400_000), body, is: false },
];

const runs = {
  js: `import { isGenuine } from "./js.mjs";
console.log(JSON.stringify(JSON.parse(process.argv[2]).map((c) => isGenuine(c.secret, c.headers, Buffer.from(c.body)))));`,
  python: `import json, sys
from python import is_genuine
print(json.dumps([is_genuine(c["secret"], c["headers"], c["body"].encode()) for c in json.loads(sys.argv[1])]))`,
};

test.each([
  ["js", process.execPath, "js.mjs", "run.mjs"],
  ["python", toolPath("python3"), "python.py", "run.py"],
] as const)("the example in %s tells genuine webhooks from others", async (language, program, file, main) => {
  if (!program) return;
  await Bun.write(join(folder.path, file), snippet(language));
  await Bun.write(join(folder.path, main), runs[language]);
  const given = cases();
  const child = Bun.spawn([program, join(folder.path, main), JSON.stringify(given)]);
  expect(await new Response(child.stdout).json()).toEqual(given.map((one) => one.is));
});
