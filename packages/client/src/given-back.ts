import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createFile, readIfThere } from "./durable-file.ts";

/** What was given back: as much of it as its proof tells. */
export interface GivenBack {
  /** `installations/{installation}`. */
  readonly installation: string;
  readonly deployment: string;
  /** `products/{product}`. */
  readonly product: string;
}

const FILE = "given-back";

/** Whether the installation of a directory was given back. A directory that is not there has none. */
export async function isGivenBack(directory: string): Promise<boolean> {
  return (await readIfThere(join(directory, FILE))) !== undefined;
}

/**
 * What was given back; `undefined` if nothing was.
 * @throws Error if the note of it is spoilt
 */
export async function readGivenBack(directory: string): Promise<GivenBack | undefined> {
  const path = join(directory, FILE);
  const noted = await readIfThere(path);
  if (noted === undefined) return undefined;
  const [installation, deployment, product] = noted.trim().split("\n");
  if (!installation || !deployment || !product)
    throw new Error(`${path} does not tell what was given back`);
  return { installation, deployment, product };
}

/** Notes that an installation is over here. From then on nothing opens it, whatever breaks next. */
export async function noteGivenBack(directory: string, given: GivenBack): Promise<void> {
  const { installation, deployment, product } = given;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const lines = [installation, deployment, product].join("\n");
  await createFile(join(directory, FILE), `${lines}\n`, 0o600);
}
