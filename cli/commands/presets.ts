type Preset = { name: string; description: string; output_type: string };

export function listPresets(presets: readonly Preset[]) {
  const width = Math.max(...presets.map(({ name }) => name.length));
  for (const { name, description, output_type } of presets) {
    console.log(`${name.padEnd(width)}  ${output_type.padEnd(6)}  ${description}`);
  }
}
