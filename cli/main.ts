import { CommanderError } from "commander";
import { codeOf } from "#shared/errors.ts";
import { plainJson, plainLines } from "./cells.ts";
import { exitCodeOf, failureOf } from "./failure.ts";
import { makeProgram } from "./program.ts";

const isJson = process.argv.includes("--json");
let exitCode = 0;
const fail = () => {
  exitCode = 1;
};

function report(error: unknown) {
  const failure = failureOf(error);
  if (isJson) console.error(plainJson(failure));
  // What is wrong with a command line has been said with the help.
  else if (!(error instanceof CommanderError)) console.error(plainLines(`flux: ${failure.message}`));
  return exitCodeOf(failure);
}

// A reader such as `head` that has enough closes its end: that is no failure.
const readerLeft = new AbortController();
process.stdout.on("error", (error) => {
  if (codeOf(error) !== "EPIPE") throw error;
  readerLeft.abort();
});

const program = makeProgram({ env: process.env, isJson, fail, readerLeft: readerLeft.signal });
program.parseAsync().then(
  () => process.exit(exitCode),
  (error: unknown) => process.exit(error instanceof CommanderError && error.exitCode === 0 ? 0 : report(error)),
);
