/*
 * What: claims and heartbeats a second of a floating-license server with an HTTP interface, given by --peer-url,
 *   beside AcquireSeat and KeepAlive of ours in the same run. Reported only: machines, durability and guards of the peer
 *   are whatever they are.
 * Why: so that anyone can compare with the server they have.
 * How: what the peer is asked is said by an adapter, a module named by --peer-adapter that exports `adapter`
 *   (peers/http-adapter.ts); without one that of peers/http-adapter-example.ts. 64 requests under way over kept
 *   connections, by node:http in this process, which costs more for each request than our raw frames do: below some
 *   10,000 a second that does not show.
 */
import { pathToFileURL } from "node:url";
import { adapter as example } from "../peers/http-adapter-example.ts";
import type { HttpAdapter } from "../peers/http-adapter.ts";
import { httpPeerSides } from "../peers/http-peer-sides.ts";
import type { Bar } from "../run/bar.ts";
import { compare, detailsOf, ratioOf } from "../run/compare.ts";
import { keepAliveSide } from "./keep-alive-side.ts";
import { empty, IN_FLIGHT, openScene, siteDetails } from "./scene.ts";

export const httpPeer: Bar = {
  name: "http-peer",
  title: "claims and heartbeats of a peer over HTTP (--peer-url)",
  figures: ["claimVsPeer", "heartbeatVsPeer"],
  onRequest: true,
  run: async (bench) => {
    const { peerUrl, peerAdapter } = bench.settings;
    if (peerUrl === undefined)
      return { figures: {}, details: {}, failures: ["--peer-url is not given"] };
    const adapter = await adapterOf(peerAdapter);
    await using scene = await openScene(bench);
    const acquiring = await scene.load.open(await scene.parties(), 1);
    const beating = await scene.load.open(await scene.parties(), 1);
    using peer = await httpPeerSides({ url: new URL(peerUrl), adapter, inFlight: IN_FLIGHT });
    const ours = {
      name: "AcquireSeat",
      run: (warmUpMs: number, ms: number) =>
        acquiring.call("acquire", { kind: "closed", inFlight: IN_FLIGHT, warmUpMs, ms }),
      reset: () => empty(acquiring),
    };
    const claims = await compare(bench, ours, peer.claims);
    const beats = await compare(
      bench,
      await keepAliveSide("KeepAlive", beating, {}),
      peer.heartbeats,
    );
    return {
      figures: { claimVsPeer: ratioOf(claims).ratio, heartbeatVsPeer: ratioOf(beats).ratio },
      details: {
        peer: peerUrl,
        ...siteDetails(scene.site, bench),
        ...detailsOf(claims, ["AcquireSeat", "peer's claim"]),
        ...detailsOf(beats, ["KeepAlive", "peer's heartbeat"]),
      },
      failures: [claims.a, claims.b, beats.a, beats.b].flatMap(({ failures }) => failures),
    };
  },
};

async function adapterOf(file: string | undefined): Promise<HttpAdapter> {
  if (file === undefined) return example;
  const loaded = (await import(pathToFileURL(file).href)) as { readonly adapter?: HttpAdapter };
  if (!loaded.adapter) throw new Error(`${file} exports no adapter`);
  return loaded.adapter;
}
