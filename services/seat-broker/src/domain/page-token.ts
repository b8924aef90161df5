import { createHmac, timingSafeEqual } from "node:crypto";

/** Where a page of a license's seats begins. */
interface Position {
  readonly expiry: number;
  readonly unit: string;
}

/** Makes and reads page tokens that nobody else can make, each good for one license name. */
export interface PageTokens {
  write(name: string, position: Position): string;
  read(name: string, token: string): Position | undefined;
}

const MAC_LENGTH = 16;
const DOMAIN = "leasehold/page-token/v1\0";

export function pageTokens(secret: Uint8Array): PageTokens {
  const mac = (name: string, position: string) =>
    createHmac("sha256", secret)
      .update(`${DOMAIN}${name}\0${position}`)
      .digest()
      .subarray(0, MAC_LENGTH);
  return {
    write: (name, { expiry, unit }) => {
      const position = `${expiry}.${unit}`;
      return `${position}.${mac(name, position).toString("base64url")}`;
    },
    read: (name, token) => {
      const [, position = "", given = ""] =
        /^(\d{1,15}\.[\w@#-]{1,40})\.([\w-]{22})$/.exec(token) ?? [];
      const bytes = Buffer.from(given, "base64url");
      if (bytes.length !== MAC_LENGTH || bytes.toString("base64url") !== given) return undefined;
      if (!timingSafeEqual(bytes, mac(name, position))) return undefined;
      const [expiry = "", unit = ""] = position.split(".");
      return { expiry: Number(expiry), unit };
    },
  };
}
