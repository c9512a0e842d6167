/** A digest of all that is decoded of an output; throws when a part of it cannot be. */
export async function contentOf(output: string): Promise<string> {
  const args = ["-v", "error", "-xerror", "-i", output, "-map", "0:v", "-map", "0:a?", "-f", "md5", "-"];
  const decoding = Bun.spawn(["ffmpeg", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [digest, said] = await Promise.all([
    new Response(decoding.stdout).text(),
    new Response(decoding.stderr).text(),
  ]);
  if ((await decoding.exited) !== 0 || said) throw new Error(`${output} does not decode: ${said}`);
  return digest.trim();
}
