import { type Command, Option } from "commander";
import { type CamelKeys, snakeKeys } from "#shared/job/field-names.ts";
import { type ParamName, type Params, paramNames } from "#shared/job/params.ts";
import { speeds } from "#shared/job/speeds.ts";

/** What of a preset the command line may change; the service says what it does not take. */
export type ParamOptions = CamelKeys<Params>;

const words: Readonly<Record<ParamName, [value: string, description: string]>> = {
  crf: ["number", "the quality by the scale of the preset's codec: lower is better and larger"],
  bitrate: ["rate", "the average bit rate of the picture, such as 2500k, in place of a quality"],
  maxrate: ["rate", "the maximum bit rate of the picture, such as 4000k"],
  size: ["pixels", "the short side of the picture; of a ladder the largest that it has"],
  frame_rate: ["rate", 'pictures a second: 25, 30000/1001, or "<=30" for at most so many'],
  speed: ["speed", "the trade of encoding time for quality"],
  audio_bitrate: ["rate", "the bit rate of the sound, such as 96k"],
  loudness: ["LUFS", "the loudness of each sound, from -40 to -5; measured before"],
  segment_seconds: ["seconds", "the length of segments, a multiple of the distance of keyframes"],
  gop_seconds: ["seconds", "from one keyframe to the next in segments"],
};

const isText = (name: ParamName) => ["bitrate", "maxrate", "frame_rate", "speed", "audio_bitrate"].includes(name);

/** Adds an option for each parameter of an encode. */
export function addParamOptions(command: Command): Command {
  for (const name of paramNames) {
    const [value, description] = words[name];
    const option = new Option(`--${name.replaceAll("_", "-")} <${value}>`, description);
    if (name === "speed") option.choices(speeds);
    else if (!isText(name)) option.argParser(Number);
    command.addOption(option);
  }
  return command;
}

/** The parameters among the options of a command; undefined where there is none. */
export function paramsIn(options: ParamOptions): Params | undefined {
  const given: Partial<Record<string, unknown>> = snakeKeys({ ...options });
  const set = paramNames.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]] as const]));
  return set.length === 0 ? undefined : Object.fromEntries(set);
}
