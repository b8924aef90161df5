import { isIP } from "node:net";

/**
 * Whether a text is a network in CIDR notation: an IPv4 or IPv6 address, `/`, a prefix length that
 * the address fits, and no bit set behind the prefix.
 */
export function isNetwork(text: string): boolean {
  const [, address = "", length = ""] = /^([0-9a-f.:]{2,45})\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return false;
  const bits = version === 4 ? 32 : 128;
  const prefix = Number(length);
  if (prefix > bits) return false;
  const value = version === 4 ? valueOf4(address) : valueOf6(address);
  return (value & ((1n << BigInt(bits - prefix)) - 1n)) === 0n;
}

function valueOf4(address: string): bigint {
  return address.split(".").reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function valueOf6(address: string): bigint {
  const [head = "", tail] = withoutDots(address).split("::");
  const front = groupsOf(head);
  const back = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array<bigint>(8 - front.length - back.length).fill(0n);
  return [...front, ...zeros, ...back].reduce((sum, group) => sum * 65_536n + group, 0n);
}

function groupsOf(text: string): readonly bigint[] {
  return text === "" ? [] : text.split(":").map((group) => BigInt(`0x${group}`));
}

/** The last two groups may be written as an IPv4 address. */
function withoutDots(address: string): string {
  return address.replace(/[\d.]+$/, (last) => {
    if (!last.includes(".")) return last;
    const value = valueOf4(last);
    return `${(value >> 16n).toString(16)}:${(value & 65_535n).toString(16)}`;
  });
}
