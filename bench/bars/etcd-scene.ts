import type { BarOutcome } from "../run/bar.ts";
import type { Bench } from "../run/bar.ts";
import { type Etcd, startEtcd } from "../peers/etcd.ts";
import type { PartySpec } from "../load/party.ts";
import type { Fleet } from "../load/load.ts";
import type { SiteOptions } from "../site/bench-site.ts";
import { openScene, PARTIES, type Scene } from "./scene.ts";

/** A seat-broker beside an etcd, with as many clients each. */
export interface EtcdScene extends Scene {
  readonly etcd: Etcd;
  readonly ours: Fleet;
  readonly theirs: Fleet;
}

/** What a bar comes to without its peer: it is not counted as good. */
const NO_PEER: BarOutcome = {
  figures: {},
  details: {},
  failures: [
    "peer not available: no etcd on the path or in $ETCD_SERVER, and none could be fetched",
  ],
};

/** Lets a bar measure against etcd, if there is one. */
export async function besideEtcd(
  bench: Bench,
  options: SiteOptions,
  measure: (scene: EtcdScene) => Promise<BarOutcome>,
): Promise<BarOutcome> {
  await using stack = new AsyncDisposableStack();
  const etcd = await startEtcd(bench);
  if (!etcd) return NO_PEER;
  stack.use(etcd);
  const scene = stack.use(await openScene(bench, options));
  const ours = await scene.load.open(await scene.parties(), 1);
  const theirs = await scene.load.open(
    Array.from({ length: PARTIES }, (): PartySpec => etcd.party()),
    1,
  );
  return await measure({ ...scene, etcd, ours, theirs });
}
