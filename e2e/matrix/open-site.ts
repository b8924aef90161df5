import { join } from "node:path";
import { keepSiteKey } from "@leasehold/client";
import { type Cluster, startSite } from "@leasehold/dev-cluster";
import type { Channel } from "@leasehold/rpc-client";
import { guardedFolder } from "@leasehold/testkit";
import { LicensingDesk } from "../desk/licensing-desk.ts";
import { unlockMachine } from "../site/machine.ts";
import type { MatrixCaller } from "./matrix-caller.ts";
import { strangers } from "./strangers.ts";

const SALE = {
  seats: 1,
  features: ["dataflow"],
  leaseTimes: { validityMs: 30_000, graceMs: 1_000 },
  seatPolicy: { offlineDays: 1 },
} as const;

/** A license server at a customer's site, and who calls it. Nobody signs in there. */
export interface SiteScene extends AsyncDisposable {
  /** To its activation service. */
  readonly channel: Channel;
  readonly callers: readonly MatrixCaller[];
}

/** Sells a license, and starts a site with it. */
export async function openSite(cluster: Cluster): Promise<SiteScene> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("matrix-site"));
  const sales = stack.use(new LicensingDesk({ ...cluster.addresses, ...cluster }));
  const sold = await sales.sell(SALE);
  const { directory } = await unlockMachine(cluster, sold, folder.path, "site");
  await keepSiteKey(directory, sold.productKey);
  const exchangeLogFile = join(folder.path, "exchanges.log");
  const site = stack.use(await startSite(cluster, { directory, seats: 1, exchangeLogFile }));
  const channel = stack.use(site.connect(site.addresses.activation));
  const open = stack.move();
  return {
    channel,
    callers: strangers(site),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
