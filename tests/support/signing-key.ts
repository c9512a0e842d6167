import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** An Ed25519 key pair that openssl has made, in files of a folder. */
export async function signingKeyIn(folder: string, name = "signing") {
  const [privateFile, publicFile] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  await openssl(["genpkey", "-algorithm", "ed25519", "-out", privateFile]);
  await openssl(["pkey", "-in", privateFile, "-pubout", "-out", publicFile]);
  return { privateFile, publicFile };
}

/** What a certificate says, and the id of the key that it names. */
export function readCertificate(line: string) {
  const { payload, signatures } = JSON.parse(line);
  return { statement: JSON.parse(Buffer.from(payload, "base64").toString()), keyId: String(signatures[0].keyid) };
}

/** Whether openssl takes the signature of a certificate for that of a key, over the bytes that DSSE v1 says it covers. */
export async function opensslVerifies(folder: string, line: string, publicFile: string): Promise<boolean> {
  const { payloadType, payload, signatures } = JSON.parse(line);
  const body = Buffer.from(payload, "base64");
  const [signed, signature] = [join(folder, "signed.bin"), join(folder, "signature.bin")];
  await writeFile(signed, Buffer.concat([Buffer.from(`DSSEv1 28 ${payloadType} ${body.length} `), body]));
  await writeFile(signature, Buffer.from(signatures[0].sig, "base64"));
  const args = ["-verify", "-rawin", "-pubin", "-inkey", publicFile, "-in", signed, "-sigfile", signature];
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
