import { type MachineSource, textOf } from "../machine-source.ts";
import { isPlaceholder } from "../placeholder.ts";

const ETHERNET = "1";
/** As `addr_assign_type` says it: the kernel made the address up. */
const RANDOM = "1";

/** The addresses of the network cards, those of bridges, tunnels and the like left out. */
export async function networkCards(source: MachineSource): Promise<readonly string[]> {
  const addresses: string[] = [];
  for (const name of await source.list("/sys/class/net")) {
    const folder = `/sys/class/net/${name}`;
    if (!(await source.list(folder)).includes("device")) continue;
    if ((await textOf(source, `${folder}/type`)) !== ETHERNET) continue;
    if ((await textOf(source, `${folder}/addr_assign_type`)) === RANDOM) continue;
    const address = await textOf(source, `${folder}/address`);
    if (address !== undefined && !isPlaceholder(address)) addresses.push(address.toLowerCase());
  }
  return [...new Set(addresses)].toSorted();
}
