import { freePort, type GuardedProcess, until } from "@leasehold/testkit";
import type { PartySpec } from "../load/party.ts";
import type { Bench } from "../run/bar.ts";
import { startServer } from "../site/server-process.ts";

const PROGRAM = new URL("./echo-server.ts", import.meta.url);
const START_LIMIT_MS = 30_000;

/** The echo of the same messages, where the seat-broker's clients can call it with what they show to that. */
export interface Echo extends AsyncDisposable {
  readonly pid: number;
  party(like: PartySpec): PartySpec;
}

export async function startEcho(bench: Bench): Promise<Echo> {
  const address = `127.0.0.1:${await freePort()}`;
  const { tls } = bench.settings;
  const running: GuardedProcess = await startServer(bench, {
    file: PROGRAM,
    env: {
      ECHO_LISTEN: address,
      ...(tls && { ECHO_CERTIFICATE_FILE: tls.certificate, ECHO_KEY_FILE: tls.key }),
    },
  });
  await until("the echo serves", START_LIMIT_MS, () => {
    if (running.ending !== undefined) throw new Error(running.lines(10).join("\n"));
    return running.lines().includes("serving") || undefined;
  });
  const endpoint = tls === undefined ? { address } : { address, authoritiesFile: tls.authorities };
  return {
    pid: running.pid,
    party: (like) => ({ ...like, endpoint }),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}
