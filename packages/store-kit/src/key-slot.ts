import type { ScriptValue } from "./script-value.ts";

const SLOTS = 16_384;
/** CRC-16/XMODEM of each byte. */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

/** The slot of Redis Cluster that a key is in: by its hash tag, the first `{…}` that is not empty, if any. */
export function keySlot(key: ScriptValue): number {
  const bytes = Buffer.isBuffer(key) ? key : Buffer.from(String(key));
  let crc = 0;
  for (const byte of hashed(bytes)) crc = ((crc << 8) & 0xffff) ^ (TABLE[(crc >> 8) ^ byte] ?? 0);
  return crc % SLOTS;
}

function hashed(key: Buffer): Buffer {
  const open = key.indexOf("{");
  const close = open < 0 ? -1 : key.indexOf("}", open + 1);
  return close > open + 1 ? key.subarray(open + 1, close) : key;
}
