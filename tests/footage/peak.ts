/** The true peak of what is heard, in dBTP (ITU-R BS.1770). */
export async function peakOf(entry: string): Promise<number> {
  const read = entry.endsWith(".m3u8") ? ["-allowed_extensions", "ALL"] : [];
  const filters = ["-map", "0:a:0", "-af", "ebur128=peak=true", "-f", "null", "-"];
  const ffmpeg = Bun.spawn(["ffmpeg", "-hide_banner", "-nostdin", ...read, "-i", entry, ...filters], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = await ffmpeg.stderr.text();
  return Number(/True peak:\s+Peak:\s+(\S+) dBFS/.exec(said)?.[1]);
}
