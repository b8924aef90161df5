import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Canary, textCanary } from "./canary.ts";

/** Files beside the secrets that anybody may read. */
const PUBLIC =
  /^(?:lease-public-keys|identity-providers\.json|.*bearer-tokens\.json|.*\.(?:crt|csr))$/;

/** A canary for each line of each file in the folder of a cluster's secrets. */
export async function fileCanaries(folder: string): Promise<readonly Canary[]> {
  const names = (await readdir(folder)).filter((name) => !PUBLIC.test(name));
  const files = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, name), "utf8") })),
  );
  return files.flatMap(({ name, text }) => secretsIn(text).map((line) => textCanary(name, line)));
}

/** Of PEM, the second line of a private key; of anything else, every line. */
function secretsIn(text: string): readonly string[] {
  if (!text.includes("-----BEGIN")) return text.split("\n").filter((line) => line !== "");
  const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----\n([\s\S]*?)\n-----END/.exec(text)?.[1];
  // The first bytes of an encoded key say what kind it is: the end is the key.
  return key === undefined ? [] : [key.replaceAll("\n", "").replace(/=*$/, "").slice(-24)];
}
