import { firstTextOf, type MachineSource, textOf } from "../machine-source.ts";
import { dmiPath } from "./dmi.ts";

/** Where there is no cloud, cloud-init has ids that many machines have. */
const NO_CLOUD = /^(iid-datasource-none|nocloud|i-?none)/i;

/**
 * The id by which a cloud knows the machine, as far as it is told without a network: by the firmware,
 * or by what cloud-init wrote down.
 */
export async function cloudInstance(source: MachineSource): Promise<string | undefined> {
  const tag = await textOf(source, dmiPath("board_asset_tag"));
  if (tag !== undefined && /^i-[0-9a-f]{8,}$/.test(tag)) return tag;
  const serial = await textOf(source, dmiPath("product_serial"));
  if (serial?.startsWith("GoogleCloud-") === true) return serial;
  const written = await firstTextOf(source, ["/var/lib/cloud/data/instance-id"]);
  return written === undefined || NO_CLOUD.test(written) ? undefined : written;
}
