#!/usr/bin/env bash
# Guess: after a broken request the S3 store of tus says how much of the file it has from its beginning on, so that a client
# that goes on there makes the same file.
# What happens: it sends several parts at a time and adds up the sizes of all that are there. Where the store refuses part 2
# (here once, as an overloaded or misconfigured one does) and part 3 arrives, the offset is that of two parts. A client
# goes on behind the hole: the object ends up as large as the file, every request answers well, and the content is shifted.
# Output seen with @tus/s3-store 2.0.7, moto 5.1.0, Node 20:
#   refused: yes, offset 10485760 of 15728640, parts 1 3
#   finished: 15728640 bytes, the same as the file: false
# Why it matters here: uploads would have been encoded into films with a hole, or refused as damaged, with nobody to blame.
# The control plane counts only the parts up to the first that is missing, and sends the others again.
set -euo pipefail
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; wait; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip --quiet install "moto[server]==5.1.0"
npm init --yes >/dev/null
npm install --silent --no-fund --no-audit @tus/s3-store@2.0.7 @tus/utils@0.7.1
port=$((20000 + RANDOM % 20000))
venv/bin/moto_server -p "$port" >moto.log 2>&1 &
until curl -s "http://127.0.0.1:$port/moto-api/" >/dev/null; do sleep 0.2; done
cat >hole.mjs <<'JS'
import { createHash, randomBytes } from "node:crypto";
import { createServer, request } from "node:http";
import { Readable } from "node:stream";
import { S3Store } from "@tus/s3-store";
import { Upload } from "@tus/utils";

const port = Number(process.argv[2]);
let refusals = 1;
const proxy = createServer((incoming, answer) => {
  if (incoming.url.includes("partNumber=2") && refusals-- > 0) {
    incoming.resume().on("end", () => answer.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>"));
    return;
  }
  const { method, url: path, headers } = incoming;
  incoming.pipe(request({ port, method, path, headers }, (got) => got.pipe(answer.writeHead(got.statusCode, got.headers))));
}).listen(0);
const endpoint = `http://127.0.0.1:${proxy.address().port}`;
const credentials = { accessKeyId: "any", secretAccessKey: "any" };
const s3ClientConfig = { bucket: "media", endpoint, region: "us-east-1", credentials, forcePathStyle: true };
const store = new S3Store({ partSize: 5 * 2 ** 20, s3ClientConfig });
await store.client.createBucket({ Bucket: "media" });
const file = randomBytes(15 * 2 ** 20);
await store.create(new Upload({ id: "film", size: file.length, offset: 0 }));
const refused = await store.write(Readable.from([file]), "film", 0).then(() => "no", () => "yes");
const { offset } = await store.getUpload("film");
const parts = (await store.retrieveParts("film")).map(({ PartNumber }) => PartNumber);
console.log(`refused: ${refused}, offset ${offset} of ${file.length}, parts ${parts.join(" ")}`);
await store.write(Readable.from([file.subarray(offset)]), "film", offset);
const whole = await (await store.client.getObject({ Bucket: "media", Key: "film" })).Body.transformToByteArray();
const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");
console.log(`finished: ${whole.length} bytes, the same as the file: ${hash(whole) === hash(file)}`);
process.exit(whole.length === file.length && hash(whole) !== hash(file) ? 0 : 1);
JS
echo "@tus/s3-store $(node -p 'require("./node_modules/@tus/s3-store/package.json").version'), Node $(node --version)"
node hole.mjs "$port"
