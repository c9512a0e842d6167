import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** An Ed25519 key pair that openssl has made, in files of a folder. */
export async function signingKeyIn(folder: string, name = "signing") {
  const [privateFile, publicFile] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  await openssl(["genpkey", "-algorithm", "ed25519", "-out", privateFile]);
  await openssl(["pkey", "-in", privateFile, "-pubout", "-out", publicFile]);
  return { privateFile, publicFile };
}

/** The bytes that a signature covers, put together anew by what DSSE v1 says of them, and the signature, in files. */
export async function signedParts(folder: string, line: string) {
  const { payloadType, payload, signatures } = JSON.parse(line);
  const body = Buffer.from(payload, "base64");
  const [pae, sig] = [join(folder, "pae.bin"), join(folder, "sig.bin")];
  await writeFile(pae, Buffer.concat([Buffer.from(`DSSEv1 28 ${payloadType} ${body.length} `), body]));
  await writeFile(sig, Buffer.from(signatures[0].sig, "base64"));
  return { pae, sig, statement: JSON.parse(body.toString()), keyId: String(signatures[0].keyid) };
}

/** Whether openssl takes the signature of a certificate for that of a key. */
export async function opensslVerifies(folder: string, line: string, publicFile: string): Promise<boolean> {
  const { pae, sig } = await signedParts(folder, line);
  const args = ["-verify", "-rawin", "-pubin", "-inkey", publicFile, "-in", pae, "-sigfile", sig];
  return openssl(["pkeyutl", ...args]).then(
    () => true,
    () => false,
  );
}

async function openssl(args: readonly string[]) {
  const child = Bun.spawn(["openssl", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const said = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(said.join("\n"));
}
