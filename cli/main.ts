import { Command } from "commander";
import { toFault } from "#shared/fault.ts";
import { version } from "#shared/version.ts";
import { connectApi } from "./api.ts";
import { demo } from "./commands/demo.ts";
import { encode, inputUrl } from "./commands/encode.ts";
import { follow } from "./commands/follow.ts";
import { listPresets } from "./commands/presets.ts";
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
  return connectApi({ server, apiKey });
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
    report(await encode(connectApi({ server: service.url }), url, options.preset, options.path));
  });

program
  .command("demo")
  .description("encode a short clip, or your own file, and explain what happened")
  .argument("[file]", "your own video")
  .action((file?: string) => demo(process.env, file));

program
  .command("presets")
  .description("list the ways to encode")
  .action(async () => {
    if (hasServer()) return listPresets(await remote().presets());
    await using service = await startLocalService(process.env, "./out");
    listPresets(await connectApi({ server: service.url }).presets());
  });

program
  .command("workers")
  .description("list the workers of a service and how busy they are")
  .option("--wake", "ask sleeping workers too, which starts them")
  .action(async ({ wake }: { wake?: boolean }) => listWorkers(await remote().workers(wake ?? false)));

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

const report = ({ output_url }: { output_url?: string }) => console.log(output_url);

program.parseAsync().then(
  () => process.exit(0),
  (error: unknown) => {
    const { kind, message, cause } = toFault(error);
    console.error(`flux: ${kind === "internal" && cause instanceof Error ? cause.message : message}`);
    process.exit(kind === "cancelled" ? 130 : 1);
  },
);
