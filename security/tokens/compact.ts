/** A compact JWS in its parts, whatever they are. */
export interface Parts {
  readonly header: string;
  readonly payload: string;
  readonly signature: Uint8Array;
}

/** Who signs: the private half of a key. */
export interface Signs {
  readonly kid: string;
  readonly publicKey: Uint8Array;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

export function base64url(part: string | Uint8Array): string {
  return Buffer.from(part).toString("base64url");
}

/** What stands in a compact JWS. */
export function partsOf(token: string): Parts {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const text = (part: string) => Buffer.from(part, "base64url").toString();
  return {
    header: text(header),
    payload: text(payload),
    signature: new Uint8Array(Buffer.from(signature, "base64url")),
  };
}

/** Signs any header and payload, as somebody would who has the key and no scruples. */
export async function signed(key: Signs, header: string, payload: string): Promise<string> {
  const content = `${base64url(header)}.${base64url(payload)}`;
  return `${content}.${base64url(await key.sign(Buffer.from(content)))}`;
}
