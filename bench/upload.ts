import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startCommand } from "#tests/support/processes.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { hasVersitygw, startVersitygw } from "#tests/support/versitygw.ts";
import { type Figure, median, type Options, spreadOf } from "./figures.ts";
import { memoryOf } from "./process.ts";
import { startControlplane } from "./service.ts";

const pairs = 7;

/** A file from curl to the disk, and to S3, by an upload and by a plain PUT to the same, one after the other. */
export async function upload({ big }: Options): Promise<Figure[]> {
  const megabytes = big ? 5_000 : 300;
  await using folder = await temporaryFolder();
  const file = join(folder.path, "film.mp4");
  await Bun.write(file, new Response(noise(megabytes)));
  const figures = await uploadsTo("the disk", { file, megabytes, ...(await toDisk(folder.path)) });
  if (!hasVersitygw) return figures;
  return [...figures, ...(await uploadsTo("S3", { file, megabytes, ...(await toS3()) }))];
}

type Target = {
  /** The settings of the storage. */
  env: Record<string, string>;
  /** What curl puts the file with. */
  put: string[];
  close: AsyncDisposable;
};

async function toDisk(home: string): Promise<Target> {
  const put = join(home, "put");
  await mkdir(put);
  const server = await startCommand([process.execPath, join(import.meta.dir, "put-server.ts"), put], {}, "serving");
  const env = { LOCAL_ROOT: join(home, "out"), UPLOAD_STORAGE: "local", RECORD_STORAGE: "local" };
  return { env, put: [String(server.ready["url"])], close: server };
}

async function toS3(): Promise<Target> {
  const store = await startVersitygw();
  const { S3_ENDPOINT, S3_BUCKET, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = store.env;
  const signed = ["--aws-sigv4", "aws:amz:us-east-1:s3", "--user", `${AWS_ACCESS_KEY_ID}:${AWS_SECRET_ACCESS_KEY}`];
  return {
    env: { ...store.env, UPLOAD_STORAGE: "s3", RECORD_STORAGE: "s3" },
    put: [...signed, "--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD", `${S3_ENDPOINT}/${S3_BUCKET}/put`],
    close: store,
  };
}

async function uploadsTo(
  where: string,
  { file, megabytes, env, put, close }: Target & { file: string; megabytes: number },
) {
  await using _closed = close;
  await using service = await startControlplane(["127.0.0.1:9"], { ...env, UPLOAD_SINGLE_CONTROL_PLANE: "true" });
  const size = Bun.file(file).size;
  const rounds: { upload: number; plain: number }[] = [];
  for (let round = 0; round <= pairs; round += 1) {
    const plain = await timed(() => curl(["--upload-file", file, ...put]));
    let location = "";
    const uploaded = await timed(async () => {
      location = (
        await curl([
          ...tus,
          "--request",
          "POST",
          "--header",
          `Upload-Length: ${size}`,
          "--write-out",
          "%header{location}",
          `${service.url}/api/v1/uploads`,
        ])
      ).trim();
      const patch = [
        "--request",
        "PATCH",
        "--header",
        "Upload-Offset: 0",
        "--header",
        "Content-Type: application/offset+octet-stream",
      ];
      await curl([...tus, ...patch, "--upload-file", file, `${service.url}${location}`]);
    });
    await curl([...tus, "--request", "DELETE", `${service.url}${location}`]);
    // The first round warms up.
    if (round > 0) rounds.push({ upload: uploaded, plain });
  }
  const ratios = rounds.map(({ upload, plain }) => upload / plain);
  return [
    {
      name: `upload of ${megabytes} MB to ${where}`,
      ...{
        value: median(rounds.map(({ upload }) => upload)),
        unit: "s",
        spread: spreadOf(ratios),
        ratio: median(ratios),
      },
      yardstick: { name: "PUT by curl", value: median(rounds.map(({ plain }) => plain)) },
    },
    {
      name: `memory of the control plane, at most, uploading to ${where}`,
      value: memoryOf(service.pid).most / 1e6,
      unit: "MB",
    },
  ] satisfies Figure[];
}

const tus = ["--header", "Tus-Resumable: 1.0.0"];

async function curl(args: string[]): Promise<string> {
  const child = Bun.spawn(["curl", "--silent", "--show-error", "--fail-with-body", "--header", "Expect:", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said, code] = await Promise.all([child.stdout.text(), child.exited]);
  if (code !== 0) throw new Error(`curl ended with ${code}: ${said}`);
  return said;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}

/** Bytes that nothing on the way can compress or leave out. */
function noise(megabytes: number): ReadableStream<Uint8Array> {
  let left = megabytes;
  return new ReadableStream({
    pull(controller) {
      if (left === 0) return controller.close();
      left -= 1;
      for (let at = 0; at < 1_000_000; at += 50_000) controller.enqueue(crypto.getRandomValues(new Uint8Array(50_000)));
    },
  });
}
