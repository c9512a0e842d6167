import { type Context, print } from "#cli/context.ts";
import type { Client } from "#client/client.ts";

export async function listPresets(context: Context, api: Client) {
  const presets = await api.presets();
  const width = Math.max(...presets.map(({ name }) => name.length));
  const lines = presets.map(
    ({ name, description, output_type }) => `${name.padEnd(width)}  ${output_type.padEnd(6)}  ${description}`,
  );
  print(context, presets, lines.join("\n"));
}
