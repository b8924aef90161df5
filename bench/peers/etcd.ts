import { freePort, guardedFolder, startGuarded, until } from "@leasehold/testkit";
import type { PartySpec } from "../load/party.ts";
import type { Bench } from "../run/bar.ts";
import { pinned } from "../site/cores.ts";
import { findEtcd } from "./etcd-download.ts";

const START_LIMIT_MS = 30_000;
const TTL_SECONDS = 3_600;

/** A single member of etcd, which writes to disk before it answers, as it does unless told otherwise. */
export interface Etcd extends AsyncDisposable {
  readonly version: string;
  readonly pid: number;
  party(): PartySpec;
}

/** `undefined` where no etcd can be had. Runs where the seat-broker does, with as many threads as that has processors. */
export async function startEtcd({ cores, settings: { tls } }: Bench): Promise<Etcd | undefined> {
  const program = await findEtcd();
  if (!program) return undefined;
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("etcd"));
  const address = `127.0.0.1:${await freePort()}`;
  const client = `${tls === undefined ? "http" : "https"}://${address}`;
  const [peer, health] = [await freePort(), await freePort()].map(
    (port) => `http://127.0.0.1:${port}`,
  );
  const options = {
    name: "bench",
    "data-dir": folder.path,
    "log-level": "warn",
    "listen-client-urls": client,
    "advertise-client-urls": client,
    "listen-peer-urls": peer,
    "initial-advertise-peer-urls": peer,
    "initial-cluster": `bench=${peer}`,
    "listen-metrics-urls": health,
    ...(tls && { "cert-file": tls.certificate, "key-file": tls.key }),
  };
  const args = Object.entries(options).flatMap(([option, value]) => [`--${option}`, String(value)]);
  const running = stack.use(
    await startGuarded({
      ...pinned(cores.server, program.command, args),
      env: { PATH: process.env["PATH"] ?? "" },
      stopSignal: "SIGTERM",
    }),
  );
  await until("etcd serves", START_LIMIT_MS, async () => {
    if (running.ending !== undefined) throw new Error(running.lines(10).join("\n"));
    const told = await fetch(`${health}/health`).then(
      (response) => response.text(),
      () => "",
    );
    return told.includes("true") || undefined;
  });
  const endpoint = tls === undefined ? { address } : { address, authoritiesFile: tls.authorities };
  const letGo = stack.move();
  return {
    version: program.version,
    pid: running.pid,
    party: () => ({ kind: "etcd", endpoint, ttlSeconds: TTL_SECONDS }),
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}
