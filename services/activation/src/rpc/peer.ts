import { BlockList, isIP } from "node:net";
import { clientNetwork } from "@leasehold/service-kit";
import type { Peer } from "../use-cases/unlock-command.ts";

/**
 * Where a call comes from.
 * @param peer address and port, as the transport tells them: `192.0.2.1:51234`, `2001:db8::1:51234`
 */
export function peerOf(peer: string): Peer {
  const address = withoutMapping(addressIn(peer));
  return { network: clientNetwork(address), isWithin: (networks) => isWithin(address, networks) };
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
