import { Command } from "commander";
import { connect } from "#client/client.ts";
import { toFault } from "#shared/fault.ts";
import { version } from "#shared/version.ts";
import { newSecret } from "#worker/webhooks/secrets.ts";
import { demo } from "./commands/demo.ts";
import { encode, inputUrl } from "./commands/encode.ts";
import { follow } from "./commands/follow.ts";
import { createKey } from "./commands/keys.ts";
import { listPresets } from "./commands/presets.ts";
import { checkPresets } from "./commands/presets-check.ts";
import { checkStorages } from "./commands/storage.ts";
import { type Received, retryWebhooks, verifyWebhook } from "./commands/webhooks.ts";
import { listWorkers } from "./commands/workers.ts";
import { startLocalService } from "./local-service.ts";

type Remote = { server?: string; apiKey?: string };

const program = new Command("flux")
  .description("Encodes video: here, or by a running flux-encoder service.")
  .version(version)
  .option(
    "--server <url>",
    "a running control plane (FLUX_SERVER); without it everything runs in this process",
    process.env["FLUX_SERVER"],
  )
  .option("--api-key <key>", "its API key (FLUX_API_KEY)", process.env["FLUX_API_KEY"])
  .showHelpAfterError();

const remote = () => {
  const { server = "http://127.0.0.1:8080", apiKey } = program.opts<Remote>();
  return connect({ server, apiKey });
};
const hasServer = () => program.opts<Remote>().server !== undefined;

program
  .command("encode")
  .description("encode one video and wait for it")
  .argument("<input>", "a file or a URL")
  .option("-p, --preset <name>", "how to encode; see `flux presets`", "720p_h264")
  .option("-o, --output <folder>", "where the output goes when it is made here", "./out")
  .option("--path <path>", "the output's path in the folder or storage; default: <input>_<preset>.<ext>")
  .action(async (input: string, options: { preset: string; output: string; path?: string }) => {
    if (hasServer()) return report(await encode(remote(), input, options.preset, options.path));
    const url = inputUrl(input);
    await using service = await startLocalService(process.env, options.output);
    report(await encode(connect({ server: service.url }), url, options.preset, options.path));
  });

program
  .command("demo")
  .description("encode a short clip, or your own file, and explain what happened")
  .argument("[file]", "your own video")
  .action((file?: string) => demo(process.env, file));

const presets = program
  .command("presets")
  .description("list the ways to encode")
  .action(async () => {
    if (hasServer()) return listPresets(await remote().presets());
    await using service = await startLocalService(process.env, "./out");
    listPresets(await connect({ server: service.url }).presets());
  });

presets
  .command("check")
  .description("check a file of your own presets, and encode a generated clip with each")
  .argument("<file>", "a YAML file as in PRESETS_DIR")
  .action(async (file: string) => {
    if (!(await checkPresets(file, process.env))) process.exit(1);
  });

program
  .command("workers")
  .description("list the workers of a service and how busy they are")
  .option("--wake", "ask sleeping workers too, which starts them")
  .action(async ({ wake }: { wake?: boolean }) => listWorkers(await remote().workers({ wake: wake ?? false })));

program
  .command("watch")
  .description("follow a job to its end")
  .argument("<id>", "the job's id")
  .action(async (id: string) => {
    const leave = new AbortController();
    process.once("SIGINT", () => leave.abort(new Error("interrupted; the job goes on")));
    report(await follow(remote(), id, leave.signal));
  });

program
  .command("cancel")
  .description("end a running job and remove what it had uploaded")
  .argument("<id>", "the job's id")
  .action(async (id: string) => {
    await remote().cancel(id);
    console.log(`cancelled ${id}`);
  });

const webhooks = program.command("webhooks").description("make, check and send again what tells receivers of jobs");

webhooks
  .command("secret")
  .description("print a new secret for WEBHOOK_SECRETS")
  .action(() => console.log(newSecret()));

webhooks
  .command("retry")
  .description("try every pending webhook now; reads the settings that workers read")
  .action(() => retryWebhooks(process.env));

webhooks
  .command("verify")
  .description("check a received webhook; its body, byte for byte, on stdin")
  .requiredOption("--secret <whsec>", "the secret")
  .requiredOption("--id <id>", "the header webhook-id")
  .requiredOption("--timestamp <seconds>", "the header webhook-timestamp")
  .requiredOption("--signature <signatures>", "the header webhook-signature")
  .option("--tolerance <duration>", "how old it may be", "5m")
  .action(async (received: Received) => verifyWebhook(received, await Bun.stdin.bytes()));

program
  .command("storage")
  .description("look after the storage that outputs go to")
  .command("check")
  .description("try the storage of these settings (STORAGE_TYPE, S3_*, FTP_*, LOCAL_*) and say what is wrong")
  .option("--storage <name>", "local, s3 or ftp; default: STORAGE_TYPE")
  .option("--origin <url>", "the web page that will play the outputs, for CORS", "https://player.example.com")
  .action((options: { storage?: string; origin: string }) => checkStorages(process.env, options));

const keys = program.command("keys").description("make API keys");

keys
  .command("create")
  .description("make a key and print its hashed entry for API_KEYS_FILE")
  .requiredOption("--name <name>", "who will use it")
  .requiredOption("--tenant <tenant>", "whose jobs it opens")
  .option("--scopes <scopes>", "what it may do: jobs:write, jobs:read, workers:read, admin", "jobs:write,jobs:read")
  .action(createKey);

const report = ({ output_url }: { output_url?: string }) => console.log(output_url);

program.parseAsync().then(
  () => process.exit(0),
  (error: unknown) => {
    const { kind, message, cause } = toFault(error);
    console.error(`flux: ${kind === "internal" && cause instanceof Error ? cause.message : message}`);
    process.exit(kind === "cancelled" ? 130 : 1);
  },
);
