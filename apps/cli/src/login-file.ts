import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Terminal } from "./terminal.ts";

/** With whom, and for what, somebody logged in. */
export interface LoginProvider {
  /** The provider's `iss`. */
  readonly issuer: string;
  readonly clientId: string;
  /** Of the access token. */
  readonly audience: string;
}

/** Who is logged in, as it is kept between commands. */
export interface Login extends LoginProvider {
  readonly accessToken: string;
  /** When the access token is over, in milliseconds since 1970. */
  readonly expireTime: number;
  /** Absent if the provider gives none: then the login ends with the access token. */
  readonly refreshToken?: string | undefined;
}

/** Where the login is kept: the configuration of whoever types. `undefined` if they have no home. */
export function loginPath(environment: Terminal["environment"]): string | undefined {
  const { XDG_CONFIG_HOME: config, HOME: home } = environment;
  const folder = config || (home && join(home, ".config"));
  return folder ? join(folder, "leasehold", "login.json") : undefined;
}

/** The login that is kept; `undefined` if there is none, or a file that is none. */
export function readLogin(path: string): Login | undefined {
  try {
    const login = JSON.parse(readFileSync(path, "utf8")) as Partial<Login> | null;
    const texts = [login?.issuer, login?.clientId, login?.audience, login?.accessToken];
    const isLogin = texts.every((text) => typeof text === "string");
    return isLogin && typeof login?.expireTime === "number" ? (login as Login) : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a login where its owner alone may read it; whoever reads meanwhile sees the old one or the new one. */
export function writeLogin(path: string, login: Login): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.${randomUUID()}`;
  writeFileSync(next, `${JSON.stringify(login, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
  renameSync(next, path);
}

/** Forgets the login. @returns whether there was one */
export function removeLogin(path: string): boolean {
  const known = readLogin(path) !== undefined;
  rmSync(path, { force: true });
  return known;
}
