import { createServer } from "node:https";
import { headersFor } from "#shared/storage/object-headers.ts";
import { s3Storage } from "#shared/storage/s3/s3-storage.ts";
import { answerWith, passOn } from "./breaking-proxy.ts";
import { startS3Server } from "./s3-server.ts";

// Runs where the names of AWS lead to this machine: tells which of them an upload with Transfer Acceleration goes to.
const { CERTIFICATE = "", KEY = "" } = process.env;
const store = await startS3Server();
const hosts: string[] = [];
const server = createServer(
  { cert: await Bun.file(CERTIFICATE).text(), key: await Bun.file(KEY).text() },
  (request, response) => {
    hosts.push(String(request.headers.host));
    passOn(request, `${store.options.endpoint}/${store.options.bucket}`)
      .then((answer) => answerWith(response, answer))
      .catch(() => request.socket.destroy());
  },
);
await new Promise<void>((resolve) => server.listen(443, "127.0.0.1", resolve));

const { bucket, region, credentials = { accessKeyId: "", secretAccessKey: "" } } = store.options;
const storage = s3Storage({ bucket, region, credentials, accelerate: true, limits: { attempts: 1 } });
const signal = AbortSignal.timeout(30_000);
const staged = await storage.stage(import.meta.path, "clip.mp4", headersFor("clip.mp4"), signal);
await staged.publish(signal);
await staged.check?.(signal);
process.stdout.write(JSON.stringify({ hosts: [...new Set(hosts)], keys: await store.keys() }));
process.exit(0);
