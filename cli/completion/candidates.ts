import type { Argument, Command, Option } from "commander";

export type Candidate = {
  /** What is completed. */
  value: string;
  /** What the shell shows beside it. */
  about: string;
};

/** What may stand at a place; `paths` is left to the shell. */
export type Candidates = {
  /** All that fit, in the order in which they are shown. */
  candidates: readonly Candidate[];
  /** Absent where no path may stand. */
  paths?: "files" | "folders";
};

/** Values that only a service or a folder of presets knows. */
export type Lookups = Readonly<Record<"preset" | "job", (options: GlobalOptions) => Promise<Candidate[]>>>;
export type GlobalOptions = Readonly<Record<string, string>>;

/** What the last of the words may become; the words are those after the program's name. */
export async function candidatesFor(program: Command, words: readonly string[], lookups: Lookups): Promise<Candidates> {
  const { before, typed, prefix } = split(words);
  const place = placeAfter(program, before);
  const { paths, candidates } = await candidatesAt(program, place, typed, (name) => lookups[name](place.options));
  return {
    ...(paths && { paths }),
    candidates: candidates
      .filter(({ value }) => value.startsWith(typed))
      .map(({ value, about }) => ({ value: prefix + value, about })),
  };
}

/** An option and its value are two words, whether a = joins them or, as in bash, stands between. */
function split(words: readonly string[]) {
  const [last = "", ...earlier] = words.toReversed();
  const [, flag, start = ""] = joined.exec(last) ?? [];
  const before = earlier.toReversed().flatMap((word) => joined.exec(word)?.slice(1) ?? word);
  return {
    before: [...before, ...(flag ? [flag] : [])].filter((word) => word !== "="),
    typed: flag ? start : last.replace(/^=$/, ""),
    prefix: flag ? `${flag}=` : "",
  };
}

const joined = /^(--[^=]+)=(.*)$/;

/** Where a next word would stand: of which command, as the value of which option, or as which argument. */
type Place = { command: Command; awaiting: Option | undefined; position: number; options: Record<string, string> };

function placeAfter(program: Command, words: readonly string[]): Place {
  const start: Place = { command: program, awaiting: undefined, position: 0, options: {} };
  return words.reduce((place, word) => next(program, place, word), start);
}

function next(program: Command, place: Place, word: string): Place {
  const { command, awaiting, position, options } = place;
  if (awaiting) return { ...place, awaiting: undefined, options: { ...options, [awaiting.attributeName()]: word } };
  if (word.startsWith("-")) return { ...place, awaiting: valued(program, command, word) };
  const subcommand = command.commands.find((each) => each.name() === word);
  // `help` takes the names that may stand in its place.
  if (word === "help" && command.commands.length > 0) return place;
  return subcommand ? { ...place, command: subcommand } : { ...place, position: position + 1 };
}

const valued = (program: Command, command: Command, word: string) =>
  optionsOf(program, command).find(({ long, short, required }) => required && (word === long || word === short));

type LookUp = (name: keyof Lookups) => Promise<Candidate[]>;

async function candidatesAt(program: Command, { command, awaiting, position }: Place, typed: string, lookUp: LookUp) {
  if (awaiting) return valuesOf(awaiting, lookUp);
  if (typed.startsWith("-")) return { candidates: flagsOf(program, command) };
  const { registeredArguments: known } = command;
  const argument = known[position] ?? known.find(({ variadic }) => variadic);
  if (argument) return valuesOf(argument, lookUp);
  return { candidates: position === 0 ? subcommandsOf(command) : [] };
}

const optionsOf = (program: Command, command: Command) =>
  [...new Set([command, program])].flatMap((each) => each.createHelp().visibleOptions(each));

const flagsOf = (program: Command, command: Command): Candidate[] =>
  optionsOf(program, command).map(({ long, short, description }) => ({
    value: long ?? short ?? "",
    about: description,
  }));

const subcommandsOf = (command: Command): Candidate[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((each) => ({ value: each.name(), about: each.description() }));

async function valuesOf(value: Option | Argument, lookUp: LookUp): Promise<Candidates> {
  if (value.argChoices) return { candidates: value.argChoices.map((choice) => ({ value: choice, about: "" })) };
  const name = "flags" in value ? /<(\w+)/.exec(value.flags)?.[1] : value.name();
  if (name === "preset" || name === "job") return { candidates: await lookUp(name) };
  if (name === "file" || name === "input") return { candidates: [], paths: "files" };
  return name === "folder" ? { candidates: [], paths: "folders" } : { candidates: [] };
}
