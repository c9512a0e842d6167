import { version } from "./version.ts";

/** The text that a program prints, instead of running, when its first argument is `--help` or `--version`. */
export function helpOrVersion(program: string, purpose: string, [asked = ""]: readonly string[]): string | undefined {
  const answers: Readonly<Record<string, string>> = {
    "--version": version,
    "--help": `Usage: ${program} [healthcheck]

${purpose}
With healthcheck it asks the one that runs here, and exits with 0 when that is well.

Settings are environment variables; docs/settings.md explains them all.`,
  };
  return answers[asked];
}
