import type { Brand } from "./brand.ts";
import type { Clock } from "./clock.ts";

/** A UUID in its canonical form: 36 lower-case characters. */
export type Uuid = Brand<string, "Uuid">;

/** Fills a new array with so many random bytes. */
export type RandomBytes = (length: number) => Uint8Array;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Randomness fit for secrets. */
export const systemRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

/** A new UUIDv7 (RFC 9562): sorts by the millisecond that it was made in. */
export function newUuid(clock: Pick<Clock, "now">, random: RandomBytes): Uuid {
  const bytes = random(16);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const ms = clock.now();
  view.setUint32(0, Math.floor(ms / 0x1_0000));
  view.setUint16(4, ms % 0x1_0000);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  return uuidFromBytes(bytes);
}

/** Whether the text is a UUID in its canonical form, of any version. */
export function isUuid(text: string): text is Uuid {
  return UUID.test(text);
}

/** The 16 bytes of a UUID. */
export function uuidBytes(uuid: Uuid): Uint8Array {
  const bytes = new Uint8Array(16);
  const hex = uuid.replaceAll("-", "");
  for (let i = 0; i < 16; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/**
 * The UUID that 16 bytes spell.
 * @throws RangeError if there are not 16.
 */
export function uuidFromBytes(bytes: Uint8Array): Uuid {
  if (bytes.length !== 16) throw new RangeError(`a UUID has 16 bytes, not ${bytes.length}`);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-") as Uuid;
}
