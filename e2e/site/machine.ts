import { join } from "node:path";
import { type Installation, unlock } from "@leasehold/client";
import type { Cluster } from "@leasehold/dev-cluster";
import { LICENSEE, type Sold } from "../desk/licensing-desk.ts";

/** A machine at the customer's site, and where it keeps its installation. */
export interface Machine {
  readonly directory: string;
  readonly installation: Installation;
}

/** Unlocks a machine with the key that the customer bought. */
export async function unlockMachine(
  cluster: Pick<Cluster, "addresses" | "authorities" | "trustRoot">,
  { license, productKey }: Sold,
  folder: string,
  name: string,
): Promise<Machine> {
  const directory = join(folder, name);
  const installation = await unlock({
    activation: cluster.addresses.activation,
    product: license.product,
    licenseeName: LICENSEE.name,
    licenseeOrganization: LICENSEE.organization,
    productKey,
    directory,
    trustRoot: trustRootOf(cluster),
    authorities: cluster.authorities,
    host: name,
  });
  return { directory, installation };
}

/** The root key to pin, 32 bytes. */
export function trustRootOf({ trustRoot }: Pick<Cluster, "trustRoot">): Uint8Array {
  return new Uint8Array(Buffer.from(trustRoot, "hex"));
}
