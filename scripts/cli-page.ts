/** Writes the reference of docs/cli.md from the program that reads the command line. */
import type { Command } from "commander";
import { exitCodes } from "#cli/failure.ts";
import { makeProgram } from "#cli/program.ts";

export const page = new URL("../docs/cli.md", import.meta.url);
const marks = { begin: "<!-- commands: made by `bun run generate` -->", end: "<!-- /commands -->" };

export function reference(): string {
  const program = makeProgram({ env: {}, isJson: false, fail() {}, readerLeft: new AbortController().signal });
  program.configureHelp({ helpWidth: 100 });
  const codes = Object.entries(exitCodes).map(([code, when]) => `| ${code} | ${when} |`);
  return [
    "### Exit codes\n",
    ["| code | when |", "| --- | --- |", ...codes].join("\n"),
    ...[program, ...commandsIn(program)].map((command) => {
      command.copyInheritedSettings(program);
      return `\n### ${nameOf(command)}\n\n\`\`\`\n${command.helpInformation().trimEnd()}\n\`\`\``;
    }),
  ].join("\n");
}

const commandsIn = (command: Command): Command[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.name() !== "help")
    .flatMap((each) => [each, ...commandsIn(each)]);

const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

/** The page with the reference as it should be. */
export function withReference(text: string, made: string): string {
  const [before, rest = ""] = text.split(marks.begin);
  const after = rest.split(marks.end)[1] ?? "";
  return `${before}${marks.begin}\n${made}\n${marks.end}${after}`;
}

if (import.meta.main) await Bun.write(page, withReference(await Bun.file(page).text(), reference()));
