/** What a meter says of the first sound of a file or playlist: its integrated loudness in LUFS and its true peak in dBFS. */
export async function loudnessIn(entry: string): Promise<{ integrated: number; peak: number }> {
  const options = entry.endsWith(".m3u8") ? ["-allowed_extensions", "ALL"] : [];
  const argv = [
    ...options,
    "-i",
    entry,
    "-map",
    "0:a:0",
    "-af",
    "ebur128=peak=true:framelog=verbose",
    "-f",
    "null",
    "-",
  ];
  const ffmpeg = Bun.spawn(["ffmpeg", "-hide_banner", "-nostdin", ...argv], { stderr: "pipe" });
  const said = await ffmpeg.stderr.text();
  const found = (name: string) => Number(new RegExp(`${name}: +(\\S+) (?:LUFS|dBFS)`).exec(said)?.[1]);
  return { integrated: found("I"), peak: found("Peak") };
}

export const loudnessOf = async (entry: string) => (await loudnessIn(entry)).integrated;
