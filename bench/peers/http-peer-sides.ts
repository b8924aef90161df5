import { Agent, request } from "node:http";
import { Agent as TlsAgent, request as requestTls } from "node:https";
import type { Report } from "../load/orders.ts";
import { Tally } from "../load/tally.ts";
import type { Side } from "../run/compare.ts";
import type { HttpAdapter, HttpCall } from "./http-adapter.ts";

/** How many claims are held while heartbeats are measured. */
const HELD = 1_000;

interface PeerOptions {
  readonly url: URL;
  readonly adapter: HttpAdapter;
  readonly inFlight: number;
}

/** What of a peer is compared. */
export interface PeerSides extends Disposable {
  readonly claims: Side;
  readonly heartbeats: Side;
}

export async function httpPeerSides({ url, adapter, inFlight }: PeerOptions): Promise<PeerSides> {
  const isTls = url.protocol === "https:";
  const agentOptions = { keepAlive: true, maxSockets: inFlight };
  const agent = isTls ? new TlsAgent(agentOptions) : new Agent(agentOptions);
  const ask = (call: HttpCall) => send(url, isTls ? requestTls : request, agent, call);
  let holders = 0;
  const claim = async () => adapter.granted(await ask(adapter.claim((holders += 1))));
  const held = await Promise.all(Array.from({ length: HELD }, claim));
  const claimed: string[] = [];
  let turn = 0;
  return {
    claims: {
      name: "peer's claim",
      run: (warmUpMs, ms) =>
        repeat(inFlight, warmUpMs, ms, async () => void claimed.push(await claim())),
      reset: async () => {
        const release = async () => {
          for (let one = claimed.pop(); one !== undefined; one = claimed.pop())
            await ask(adapter.release(one));
        };
        await Promise.all(Array.from({ length: inFlight }, release));
      },
    },
    heartbeats: {
      name: "peer's heartbeat",
      run: (warmUpMs, ms) =>
        repeat(inFlight, warmUpMs, ms, () =>
          ask(adapter.heartbeat(held[turn++ % held.length] ?? "")),
        ),
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

async function repeat(
  inFlight: number,
  warmUpMs: number,
  ms: number,
  work: () => Promise<unknown>,
): Promise<Report> {
  const begun = performance.now();
  const until = begun + warmUpMs + ms;
  const tally = new Tally(begun + warmUpMs, until);
  const caller = async () => {
    while (performance.now() < until) {
      const since = performance.now();
      try {
        await work();
        tally.did(1, since, performance.now());
      } catch (error) {
        tally.failed(error instanceof Error ? error.message : String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return tally.report(performance.now());
}

function send(
  url: URL,
  how: typeof request,
  agent: Agent,
  { method, path, headers, body }: HttpCall,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const target = new URL(url.pathname.replace(/\/$/, "") + path, url);
    const sent = how(target, { method, agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => {
        if ((response.statusCode ?? 500) < 400) resolve(text);
        else reject(new Error(`HTTP ${response.statusCode}`));
      });
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
