import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Cluster } from "@leasehold/dev-cluster";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** What a run of the command line came to. */
export interface Ran {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line as a process, with nobody at its standard input, which holds a text if given. */
export async function leasehold(
  words: readonly string[],
  cluster?: Pick<Cluster, "addresses" | "adminTokenFile" | "environment">,
  input?: string,
): Promise<Ran> {
  const child = spawn(process.execPath, ["--conditions=source", MAIN, ...words], {
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      ...cluster?.environment,
      ...(cluster && {
        LEASEHOLD_ISSUER: cluster.addresses.issuer,
        LEASEHOLD_ACTIVATION: cluster.addresses.activation,
        LEASEHOLD_SEAT_BROKER: cluster.addresses.seatBroker,
        LEASEHOLD_TOKEN_FILE: cluster.adminTokenFile,
      }),
    },
  });
  child.stdin.on("error", () => {}); // a command that does not read may be over
  child.stdin.end(input);
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += String(chunk)));
  child.stderr.on("data", (chunk: Buffer) => (err += String(chunk)));
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { exitCode, out, err };
}
