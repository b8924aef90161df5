import { BlockList, isIP } from "node:net";
import type { Peer } from "../use-cases/unlock-command.ts";

/**
 * Where a call comes from.
 * @param peer address and port, as the transport tells them: `192.0.2.1:51234`, `2001:db8::1:51234`
 */
export function peerOf(peer: string): Peer {
  const address = withoutMapping(addressIn(peer));
  return { network: networkOf(address), isWithin: (networks) => isWithin(address, networks) };
}

/** The port is behind the last colon, also of an address that has colons itself. */
function addressIn(peer: string): string {
  const cut = peer
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/%.*$/, "");
  return isIP(cut) === 0 && isIP(peer) !== 0 ? peer : cut;
}

/** An IPv4 caller of a socket that takes both kinds is one of IPv4. */
function withoutMapping(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

/** IPv4 by the address; IPv6 by its first 64 bits, which one customer has all the addresses of. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail = ""] = address.split("::");
  const [front, back] = [head, tail].map((part) => (part === "" ? [] : part.split(":")));
  const zeros = Array<string>(Math.max(0, 8 - (front?.length ?? 0) - (back?.length ?? 0))).fill(
    "0",
  );
  const groups = [...(front ?? []), ...zeros, ...(back ?? [])].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}

function isWithin(address: string, networks: readonly string[]): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  for (const network of networks) {
    const [prefix = "", bits = ""] = network.split("/");
    // One of the other family cannot have the address, and would not be understood.
    if (isIP(prefix) === version) list.addSubnet(prefix, Number(bits), family);
  }
  return list.check(address, family);
}
