import { Argument, Command, Option } from "commander";
import { priorities } from "#shared/job/priority.ts";
import { jobStatuses } from "#shared/job/status.ts";
import { storageNames } from "#shared/storage/kinds.ts";
import { version } from "#shared/version.ts";
import { complete, printCompletion } from "./commands/completion.ts";
import { demo } from "./commands/demo.ts";
import { doctor } from "./commands/doctor.ts";
import { cancelJob, listJobs, retryJob, showJob, watchJob } from "./commands/jobs.ts";
import { createKey } from "./commands/keys.ts";
import { listPresets } from "./commands/presets.ts";
import { checkPresets } from "./commands/presets-check.ts";
import { probe } from "./commands/probe.ts";
import { setPriority, showQueue } from "./commands/queue.ts";
import { removeJob } from "./commands/remove.ts";
import { checkStorages } from "./commands/storage.ts";
import { addVerify } from "./commands/verify.ts";
import { addWebhooks } from "./commands/webhooks.ts";
import { listWorkers } from "./commands/workers.ts";
import { shells } from "./completion/scripts.ts";
import { type Context, connectTo, openService, printFindings, type Remote } from "./context.ts";
import { addEncode, clipOption } from "./encode/command.ts";
import { addOverlayOptions } from "./encode/overlay-options.ts";
import { addParamOptions } from "./encode/param-options.ts";
import { addPictureOptions } from "./encode/picture-options.ts";
import { addSoundOptions } from "./encode/sound-options.ts";
import { addThumbnailOptions } from "./encode/thumbnail-options.ts";

/**
 * The `flux` command. Help, docs/cli.md and the completion of shells are made from it; what a value may be is said by
 * its choices, or by the name it has here: `<preset>`, `<job>`, `<file>`, `<folder>`, `<input>`.
 */
export function makeProgram(context: Context): Command {
  const { env } = context;
  const program = new Command("flux")
    .description("Encodes video: here, or by a running flux-encoder service.")
    .version(version)
    .addOption(
      new Option(
        "--server <url>",
        "a running control plane (FLUX_SERVER); without it encode, probe and presets run in this process, the rest ask http://127.0.0.1:8080",
      ).default(env["FLUX_SERVER"] || undefined, "FLUX_SERVER"),
    )
    .addOption(
      new Option("--api-key <key>", "its API key (FLUX_API_KEY)").default(
        env["FLUX_API_KEY"] || undefined,
        "FLUX_API_KEY",
      ),
    )
    .option("--json", "print JSON: one document, or one a line as things happen; errors too, on stderr")
    .showHelpAfterError()
    .configureOutput(context.isJson ? { writeErr: () => {} } : {})
    .exitOverride();
  const remote = () => program.opts<Remote>();
  const service = () => connectTo(remote());
  const jobCommand = (name: string, description: string) =>
    program.command(name).description(description).argument("<job>", "its id");

  addEncode(program, context, remote);

  program
    .command("demo")
    .description("encode a short clip, or your own file, and explain what happened")
    .argument("[file]", "your own video")
    .action((file) => demo(context, file));

  const presets = program
    .command("presets")
    .description("list the ways to encode")
    .action(async () => {
      await using opened = await openService(env, remote());
      await listPresets(context, opened.client);
    });
  presets
    .command("check")
    .description("check a file of your own presets, and encode a generated clip with each")
    .argument("<file>", "a YAML file as in PRESETS_DIR")
    .action(async (file) => {
      if (!(await printFindings(context, checkPresets(file, env)))) context.fail();
    });

  const probing = program
    .command("probe")
    .description("say what a file or URL is and what presets would make of it: a dry run, which encodes nothing")
    .argument(
      "<input...>",
      "a file, or a URL as `flux encode` takes it; of a service a URL; several for the film that they are joined to",
    )
    .option("-p, --preset <preset>", "say all of this one; default: a line for each");
  const asked = addSoundOptions(addParamOptions(probing.addOption(clipOption())));
  addThumbnailOptions(addOverlayOptions(addPictureOptions(asked))).action((inputs, options) =>
    probe(context, remote(), inputs, options),
  );

  program
    .command("doctor")
    .description("check that this machine can encode with these settings; if it cannot, say how to fix it")
    .action(() => doctor(context, remote()));

  program
    .command("jobs")
    .description("list running and recent jobs, newest first")
    .addOption(new Option("--status <status>", "only those in this state").choices(jobStatuses))
    .option("--tenant <tenant>", "only those of this tenant (scope admin)")
    .option("--preset <preset>", "only those with this preset")
    .option("--since <time>", "only those made at this time or later: 2026-01-31, or 2026-01-31T12:00:00Z")
    .option("--until <time>", "only those made before this time")
    .option("--source <text>", "only those whose source's file name has this text in it")
    .option("--limit <count>", "how many at most", Number, 20)
    .option("--cursor <cursor>", "go on where a page ended: its next_cursor")
    .option("--undelivered", "only those whose output is kept because its delivery failed")
    .action((options) => listJobs(context, service(), options));
  jobCommand("job", "show a job's state, what its source is, and what its output holds").action((id) =>
    showJob(context, service(), id),
  );
  jobCommand("watch", "follow a job to its end").action((id) => watchJob(context, service(), id));
  jobCommand(
    "retry",
    "order an ended job again and follow it; an output that is kept is delivered without encoding again",
  )
    .option("--overwrite", "replace the output that is there")
    .action((id, options) => retryJob(context, service(), id, options));
  jobCommand("cancel", "end a running job and remove what it had uploaded").action((id) =>
    cancelJob(context, service(), id),
  );
  jobCommand("remove", "remove an ended job with all that it has published, and its record")
    .option("-y, --yes", "do not ask first")
    .action((id, options) => removeJob(context, service(), id, options));

  program
    .command("queue")
    .description("show how many orders wait for a worker, by tenant and priority")
    .action(() => showQueue(context, service()));
  jobCommand("priority", "change the priority of a job that waits for a worker")
    .addArgument(new Argument("<priority>", "its new priority").choices(priorities))
    .action((id, priority) => setPriority(context, service(), id, priority));

  program
    .command("workers")
    .description("list the workers of a service and how busy they are")
    .option("--wake", "ask sleeping workers too, which starts them")
    .action(({ wake = false }) => listWorkers(context, service(), wake));

  addVerify(program, context);

  addWebhooks(program, context);

  program
    .command("storage")
    .description("look after the storage that outputs go to")
    .command("check")
    .description("try the storage of these settings (STORAGE_TYPE, S3_*, FTP_*, LOCAL_*) and say what is wrong")
    .addOption(new Option("--storage <name>", "which of them; default: STORAGE_TYPE").choices(storageNames))
    .option("--origin <url>", "the web page that will play the outputs, for CORS", "https://player.example.com")
    .action((options) => checkStorages(context, options));

  program
    .command("keys")
    .description("make API keys")
    .command("create")
    .description("make a key and print its hashed entry for API_KEYS_FILE")
    .requiredOption("--name <name>", "who will use it")
    .requiredOption("--tenant <tenant>", "whose jobs it opens")
    .option(
      "--scopes <scopes>",
      "what it may do: jobs:write, jobs:read, jobs:remove, workers:read, metrics:read, admin",
      "jobs:write,jobs:read",
    )
    .action((options) => createKey(context, options));

  program
    .command("completion")
    .description("print what completes commands in your shell")
    .addArgument(new Argument("<shell>", "which one").choices(shells))
    .action((shell) => printCompletion(context, shell));
  program
    .command("__complete", { hidden: true })
    .argument("[words...]")
    .action((words) => complete(context, program, words));
  return program;
}
