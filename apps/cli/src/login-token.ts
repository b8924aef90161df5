import { systemClock } from "@leasehold/kernel";
import { type Login, readLogin, writeLogin } from "./login-file.ts";
import { refreshed } from "./provider-client.ts";
import { UsageError } from "./usage-error.ts";

/** A token that is over so soon is renewed before it is used, in milliseconds. */
const RENEW_MS = 30_000;

/**
 * The access token of whoever is logged in, renewed if it must be; `undefined` if nobody is.
 * @throws UsageError if the login is over
 */
export async function loginToken(path: string): Promise<string | undefined> {
  const login = readLogin(path);
  if (!login || isFresh(login)) return login?.accessToken;
  try {
    const renewed = await refreshed(login);
    writeLogin(path, renewed);
    return renewed.accessToken;
  } catch (thrown) {
    // Another command may have renewed it meanwhile, and used the refresh token up.
    const other = readLogin(path);
    if (other && isFresh(other)) return other.accessToken;
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new UsageError(`the login is over: say leasehold login (${why})`);
  }
}

function isFresh({ expireTime }: Login): boolean {
  return systemClock.now() < expireTime - RENEW_MS;
}
