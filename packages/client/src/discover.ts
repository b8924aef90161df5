import type { SrvRecord } from "node:dns";
import { resolveSrv as resolveByDns } from "node:dns/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { dnsUnavailable, malformedServers, noServerKnown } from "./client-problems.ts";
import { readIfThere } from "./durable-file.ts";
import { orderSrv } from "./order-srv.ts";

/** What is looked for. */
export type ServerKind = "seat-broker" | "activation";

/** Where it was found. */
export type ServerSource = "application" | "environment" | "file" | "dns";

/** Where to look, first to last: the first place that names any server is the one that counts. */
export interface DiscoverOptions {
  /** Seat-brokers unless said. */
  readonly kind?: ServerKind;
  /** What the application was configured with, `host:port` each. */
  readonly addresses?: readonly string[];
  /** The installation's directory, which may have a file `servers`. */
  readonly directory?: string;
  /** The DNS domain whose SRV records name servers; that of this host's name if absent. */
  readonly domain?: string;
  /** This process' own if absent. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The system's resolver if absent. */
  readonly resolveSrv?: (name: string) => Promise<readonly SrvRecord[]>;
  /** 0 to 1, evenly. */
  readonly chance?: () => number;
}

/** At least one. */
type Addresses = readonly [first: string, ...others: string[]];

/** Servers that were found. What a session is opened with, or whose first one is called. */
export interface DiscoveredServers {
  readonly source: ServerSource;
  /** `host:port` each. */
  readonly addresses: Addresses;
  /** Whether they are to be tried in this order; otherwise any of them may be the first. */
  readonly inOrder: boolean;
}

const VARIABLE = {
  "seat-broker": "LEASEHOLD_SERVER",
  activation: "LEASEHOLD_ACTIVATION",
} as const satisfies Record<ServerKind, string>;

const SERVICE = {
  "seat-broker": "_leasehold-broker._tcp",
  activation: "_leasehold-activation._tcp",
} as const satisfies Record<ServerKind, string>;

const FILE = "servers";
const ADDRESS = /^[^\s,/]+:\d{1,5}$/;

/**
 * Finds servers: what the application passes, what the environment variable names
 * (`LEASEHOLD_SERVER`, for activation `LEASEHOLD_ACTIVATION`), what the file `servers` in the
 * installation's directory names, or what DNS does.
 * @throws Problem NOT_FOUND if none of them names any; INVALID_REQUEST if what one names is no
 *   address; DEPENDENCY_UNAVAILABLE if DNS does not answer
 */
export async function discover(options: DiscoverOptions = {}): Promise<DiscoveredServers> {
  const { kind = "seat-broker", addresses = [], directory } = options;
  if (isSome(addresses)) return { source: "application", addresses, inOrder: false };
  // oxlint-disable-next-line node/no-process-env -- a documented place to look
  const { environment = process.env } = options;
  const named = inEnvironment(environment[VARIABLE[kind]], VARIABLE[kind]);
  if (isSome(named)) return { source: "environment", addresses: named, inOrder: false };
  const listed = directory === undefined ? [] : await inFile(join(directory, FILE), kind);
  if (isSome(listed)) return { source: "file", addresses: listed, inOrder: false };
  const published = await inDns(kind, options);
  if (isSome(published)) return { source: "dns", addresses: published, inOrder: true };
  throw noServerKnown(kind);
}

function isSome(addresses: readonly string[]): addresses is Addresses {
  return addresses.length > 0;
}

function inEnvironment(text: string | undefined, variable: string): readonly string[] {
  const named = (text ?? "").split(",").map((address) => address.trim());
  return addressesOf(
    named.filter((address) => address !== ""),
    variable,
  );
}

/** Lines of a kind and an address; `#` begins a comment. */
async function inFile(path: string, kind: ServerKind): Promise<readonly string[]> {
  const lines = ((await readIfThere(path)) ?? "")
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim().split(/\s+/))
    .filter(([word]) => word === kind);
  return addressesOf(
    lines.map(([, ...address]) => address.join(" ")),
    path,
  );
}

async function inDns(kind: ServerKind, options: DiscoverOptions): Promise<readonly string[]> {
  const {
    domain = domainOf(hostname()),
    resolveSrv = resolveByDns,
    chance = Math.random,
  } = options;
  if (domain === "") return [];
  const records = await resolved(`${SERVICE[kind]}.${domain}`, resolveSrv);
  // A record whose name is the root says that there is none, decidedly.
  return orderSrv(records, chance)
    .filter(({ name }) => name !== "" && name !== ".")
    .map(({ name, port }) => `${name.replace(/\.$/, "")}:${port}`);
}

async function resolved(
  name: string,
  resolveSrv: NonNullable<DiscoverOptions["resolveSrv"]>,
): Promise<readonly SrvRecord[]> {
  try {
    return await resolveSrv(name);
  } catch (failure) {
    const { code } = failure as NodeJS.ErrnoException;
    if (code === "ENOTFOUND" || code === "ENODATA") return [];
    throw dnsUnavailable(name, failure);
  }
}

function domainOf(host: string): string {
  return host.split(".").slice(1).join(".");
}

function addressesOf(texts: readonly string[], where: string): readonly string[] {
  const wrong = texts.find((text) => !ADDRESS.test(text));
  if (wrong !== undefined) throw malformedServers(where);
  return texts;
}
