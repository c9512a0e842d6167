import { closestMatch } from "leven";
import { Fault, toFault } from "#shared/fault.ts";
import type { Env } from "./env.ts";
import { settingNames } from "./setting-names.ts";
import { commentIn } from "./setting-value.ts";

type Part = "controlplane" | "worker";

const words: Readonly<Record<Part, string>> = { controlplane: "control plane", worker: "worker" };

/** What in an environment most likely is a mistake, though each setting that is read may be right. */
export function settingAdvice(part: Part, env: Env): string[] {
  const other = part === "worker" ? "controlplane" : "worker";
  const own: readonly string[] = [...settingNames.both, ...settingNames[part]].sort();
  return Object.entries(env).flatMap(([name, value = ""]) => {
    if (value === "") return [];
    if (own.includes(name)) return commentIn(name, value);
    if (includes(settingNames[other], name))
      return [`${name} is a setting of the ${words[other]}: it does nothing here`];
    const nearest = nearestTo(name, own);
    return nearest ? [`${name} is no setting: is ${nearest} meant?`] : [];
  });
}

/** Reads settings. Why they are refused is thrown with what else may be a mistake, unless that setting is named already. */
export function readWithAdvice<T>(part: Part, env: Env, read: (env: Env) => T): T {
  try {
    return read(env);
  } catch (cause) {
    const { message } = toFault(cause);
    const more = settingAdvice(part, env).filter((advice) => !message.includes(`${advice.split(" ")[0]}: `));
    throw new Fault("invalid", [message, ...more].join("\n"), { cause });
  }
}

const includes = (names: readonly string[], name: string) => names.includes(name);

// Nothing else that a machine's environment usually holds begins so.
const ours = /^(S3|FTP|RECORD|WEBHOOK|CACHE_CONTROL)_/;

function nearestTo(name: string, names: readonly string[]): string | undefined {
  if (!/^[A-Z][A-Z0-9_]+$/.test(name)) return undefined;
  const [prefix] = ours.exec(name) ?? [];
  const candidates = prefix ? names.filter((one) => one.startsWith(prefix)) : names;
  return closestMatch(name, candidates, prefix ? {} : { maxDistance: name.length < 8 ? 1 : 2 });
}
