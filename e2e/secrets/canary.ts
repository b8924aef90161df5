/** A secret that must turn up nowhere. */
export interface Canary {
  /** What it is, for whoever reads that it was found. */
  readonly name: string;
  /** Each way to write it that is looked for, or a part of it that is enough to tell it by. */
  readonly spellings: readonly string[];
}

/** So much of a text tells it by. Of hexadecimal digits more, as ids have so many of them. */
const ENOUGH = 8;
const ENOUGH_HEX = 12;

/** Says which kind of secret it is, and is no part of it. */
const PREFIX = /^lh_[a-z]+_/;

/** A secret that is a text, for example a bearer secret or a product key. */
export function textCanary(name: string, text: string): Canary {
  const secret = text.replace(PREFIX, "");
  const isHex = /^[0-9a-f]+$/i.test(secret);
  const start = secret.slice(0, isHex ? ENOUGH_HEX : ENOUGH);
  const json = JSON.stringify(secret).slice(1, -1);
  const bytes = Buffer.from(secret, "utf8");
  const own = isHex ? bytesSpellings(Buffer.from(secret, "hex")) : [];
  return {
    name,
    spellings: unique([
      start,
      json.slice(0, Math.max(start.length, 16)),
      encodeURIComponent(secret),
      ...bytesSpellings(bytes),
      ...own,
    ]),
  };
}

/** A secret that is bytes, for example a lease token. */
export function bytesCanary(name: string, bytes: Uint8Array): Canary {
  return { name, spellings: unique(bytesSpellings(Buffer.from(bytes))) };
}

/** Where canaries are in texts, as `what it is, and where`. */
export function found(
  canaries: readonly Canary[],
  texts: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  return Object.entries(texts).flatMap(([place, lines]) => {
    const text = lines.join("\n");
    return canaries
      .filter(({ spellings }) => spellings.some((spelling) => text.includes(spelling)))
      .map(({ name }) => `${name} in ${place}`);
  });
}

function bytesSpellings(bytes: Buffer): readonly string[] {
  const hex = bytes.toString("hex");
  const list = JSON.stringify([...bytes.subarray(0, 8)]).slice(1, -1);
  return [
    hex.slice(0, 2 * ENOUGH_HEX),
    hex.slice(0, 2 * ENOUGH_HEX).toUpperCase(),
    list, // as a buffer stands in JSON
    ...[0, 1, 2].flatMap((shift) => base64Spellings(bytes, shift)),
  ];
}

/** In base64 a secret looks different by what stands before it; its middle is the same. */
function base64Spellings(bytes: Buffer, shift: number): readonly string[] {
  const shifted = Buffer.concat([Buffer.alloc(shift), bytes.subarray(0, 18)]);
  return (["base64", "base64url"] as const).map((alphabet) =>
    shifted.toString(alphabet).slice(shift === 0 ? 0 : 4, 20),
  );
}

function unique(spellings: readonly string[]): readonly string[] {
  return [...new Set(spellings)].filter((spelling) => spelling.length >= ENOUGH);
}
