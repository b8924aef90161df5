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
  for (const [index, at] of PLACES.entries())
    bytes[index] = (digit(uuid.charCodeAt(at)) << 4) | digit(uuid.charCodeAt(at + 1));
  return bytes;
}

/**
 * The UUID that 16 bytes spell.
 * @throws RangeError if there are not 16.
 */
export function uuidFromBytes(bytes: Uint8Array): Uuid {
  if (bytes.length !== 16) throw new RangeError(`a UUID has 16 bytes, not ${bytes.length}`);
  let text = "";
  for (const [index, byte] of bytes.entries()) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += "-";
    text += PAIRS[byte];
  }
  return text as Uuid;
}

/** Where in a UUID each byte is spelled. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
/** How each byte is spelled. */
const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** What a hexadecimal digit stands for, by its code. */
function digit(code: number): number {
  return code < 0x3a ? code - 0x30 : code - 0x57;
}
