#!/usr/bin/env bash
# Guess: a server that speaks S3 lists keys in the order of their bytes, as ListObjectsV2 is documented ("UTF-8 binary
# order"), so that whoever pages by `start-after` meets each key once.
# What happens: fauxqs 2.4.1 sorts them by locale, as people would: `a` before `B`, and `_` and `~` before digits. What
# follows `start-after` is chosen by bytes all the same, so that a page that begins after `a.txt` lacks `B.txt`.
# Output seen with Bun 1.4.5:
#   order: _.txt ~.txt 1.txt a.txt B.txt
#   by bytes: 1.txt B.txt _.txt a.txt ~.txt
#   after a.txt: ~.txt
# Why it matters here: lists of jobs are pages of keys. The tests' storage would show faults of paging that real stores do
# not have, or hide some, so the contract lists names whose order is the same either way, and a unit test holds that of bytes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --no-fund --no-audit fauxqs@2.4.1 @aws-sdk/client-s3@3.1169.0
cat >list.mjs <<'JS'
import { startFauxqs } from "fauxqs";
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const server = await startFauxqs({ port: 0, logger: false });
const credentials = { accessKeyId: "any", secretAccessKey: "any" };
const client = new S3Client({ endpoint: `http://127.0.0.1:${server.port}`, region: "us-east-1", credentials, forcePathStyle: true });
await client.send(new CreateBucketCommand({ Bucket: "media" }));
const names = ["a.txt", "B.txt", "_.txt", "~.txt", "1.txt"];
for (const Key of names) await client.send(new PutObjectCommand({ Bucket: "media", Key, Body: "x" }));
const list = async (StartAfter) =>
  ((await client.send(new ListObjectsV2Command({ Bucket: "media", StartAfter }))).Contents ?? []).map(({ Key }) => Key);
const order = await list();
console.log("order:", order.join(" "));
console.log("by bytes:", names.toSorted().join(" "));
console.log("after a.txt:", (await list("a.txt")).join(" "));
await server.stop();
process.exit(order.join() === names.toSorted().join() ? 1 : 0);
JS
echo "fauxqs $(sed -n 's/.*"version": "\(.*\)".*/\1/p' node_modules/fauxqs/package.json | head -1), Bun $(bun --version)"
bun list.mjs
