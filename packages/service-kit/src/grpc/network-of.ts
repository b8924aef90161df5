import { isIP } from "node:net";

/**
 * Whom an address stands for: an IPv4 address for itself, one of IPv6 for the 64 bits that its
 * network has. `undefined` for this machine, and for what is no address.
 */
export function networkOf(address: string | undefined): string | undefined {
  const [plain = ""] = (address ?? "").split("%");
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  const ip = mapped ?? plain;
  const version = isIP(ip);
  if (version === 4) return ip.startsWith("127.") ? undefined : ip;
  if (version === 0 || ip === "::1") return undefined;
  return groupsOf(ip).slice(0, 4).join(":");
}

/** The groups of 16 bits. What `::` stands for is filled in; an IPv4 tail counts as two. */
function groupsOf(ip: string): readonly string[] {
  const [head = "", tail] = ip.toLowerCase().split("::");
  const front = head === "" ? [] : head.split(":");
  if (tail === undefined) return front.map(withoutZeros);
  const back = tail === "" ? 0 : tail.split(":").length + (tail.includes(".") ? 1 : 0);
  const zeros = Array<string>(Math.max(0, 8 - front.length - back)).fill("0");
  const behind = tail === "" ? [] : tail.split(":");
  return [...front, ...zeros, ...behind].map(withoutZeros);
}

function withoutZeros(group: string): string {
  return group.replace(/^0+(?=.)/, "");
}
