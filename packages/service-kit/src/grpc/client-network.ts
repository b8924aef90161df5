import { isIP } from "node:net";

/**
 * What one customer of a network provider has all the addresses of: an IPv4 address, or the first
 * 64 bits of one of IPv6. Anything else is returned as it is.
 */
export function clientNetwork(address: string): string {
  const plain = withoutMapping(address.replace(/%.*$/, ""));
  if (isIP(plain) !== 6) return plain;
  const [head = "", tail = ""] = plain.split("::");
  const [front, back] = [head, tail].map((part) => (part === "" ? [] : part.split(":")));
  const missing = Math.max(0, 8 - (front?.length ?? 0) - (back?.length ?? 0));
  const zeros = Array<string>(missing).fill("0");
  const groups = [...(front ?? []), ...zeros, ...(back ?? [])].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}

/** The 64 bits of `::1`: no other address of them is anybody's. */
const LOOPBACK_V6 = "0:0:0:0::/64";

/** Whether a network is this machine, which is not reached from elsewhere. */
export function isThisMachine(network: string): boolean {
  return network === LOOPBACK_V6 || network.startsWith("127.");
}

/** An IPv4 caller of a socket that takes both kinds is one of IPv4. */
function withoutMapping(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}
