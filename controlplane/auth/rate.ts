import * as v from "valibot";
import { duration } from "#shared/env.ts";
import type { Rate } from "./client.ts";

const message = "write a number and a duration of a second or more, such as 60/1m";

/** Reads a rate such as `60/1m`. */
export const parseRate = v.pipe(
  v.string(message),
  v.rawTransform(({ dataset, addIssue, NEVER }): Rate => {
    const [quota, window, ...rest] = dataset.value.split("/");
    const windowMs = v.safeParse(duration, window);
    if (/^[1-9]\d{0,8}$/.test(quota ?? "") && windowMs.success && windowMs.output >= 1_000 && rest.length === 0)
      return { quota: Number(quota), windowMs: windowMs.output };
    addIssue({ message });
    return NEVER;
  }),
);
