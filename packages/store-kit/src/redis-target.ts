/** Host and port of a server. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Who one is to a server. */
export interface RedisCredentials {
  readonly username: string | undefined;
  readonly password: string | undefined;
}

interface Access {
  /** For the servers with data. */
  readonly credentials: RedisCredentials;
  readonly tls: boolean;
}

/** One server. */
export interface SingleTarget extends Access {
  readonly kind: "single";
  readonly address: Address;
  readonly database: number;
}

/** A primary by the name that sentinels know it by. */
export interface SentinelTarget extends Access {
  readonly kind: "sentinel";
  readonly sentinels: readonly Address[];
  readonly sentinelCredentials: RedisCredentials;
  readonly primary: string;
  readonly database: number;
}

/** A cluster, by some of its nodes. */
export interface ClusterTarget extends Access {
  readonly kind: "cluster";
  readonly seeds: readonly Address[];
}

/** Which Redis is meant. */
export type RedisTarget = SingleTarget | SentinelTarget | ClusterTarget;

const FORM =
  /^redis(?<tls>s?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<username>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?#@]+)(?:\/(?<path>[^?#]*))?(?:\?(?<query>[^#]*))?$/;
const HOST = /^(?<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?<port>\d{1,5}))?$/;

/**
 * Reads the URL of a Redis, in one of three forms, each with `rediss` for TLS:
 * `redis://user:password@host:port/database`,
 * `redis+sentinel://user:password@host:port,host:port/primary?sentinel-password=…` (also
 * `sentinel-username` and `database`), where user and password are for the servers with data, and
 * `redis+cluster://user:password@host:port,host:port`, any nodes of it.
 * @throws Error that says what is wrong, without the URL, which may hold a password
 */
export function redisTarget(url: string): RedisTarget {
  const parts = FORM.exec(url)?.groups;
  if (parts === undefined)
    throw new Error(
      "not the URL of a Redis: redis://host:port, redis+sentinel://host:port,…/primary or redis+cluster://host:port,…",
    );
  const query = new Map(new URLSearchParams(parts["query"]));
  const access = {
    credentials: { username: decoded(parts["username"]), password: decoded(parts["password"]) },
    tls: parts["tls"] === "s",
  };
  const place = { hosts: (parts["hosts"] ?? "").split(","), path: decoded(parts["path"]), query };
  const target = targetOf(parts["kind"], access, place);
  for (const name of query.keys()) throw new Error(`the URL of a Redis has no parameter ${name}`);
  return target;
}

/** The same Redis, with passwords that did not stand in its URL. */
export function withPasswords(
  target: RedisTarget,
  given: { readonly password?: string | undefined; readonly sentinelPassword?: string | undefined },
): RedisTarget {
  const { password = target.credentials.password } = given;
  const complete = { ...target, credentials: { ...target.credentials, password } };
  if (complete.kind !== "sentinel") return complete;
  const { sentinelCredentials } = complete;
  const { sentinelPassword = sentinelCredentials.password } = given;
  return {
    ...complete,
    sentinelCredentials: { ...sentinelCredentials, password: sentinelPassword },
  };
}

/** Whether a URL of a Redis holds a password, which is no place for one that others see. */
export function holdsPassword(target: RedisTarget): boolean {
  if (target.credentials.password !== undefined) return true;
  return target.kind === "sentinel" && target.sentinelCredentials.password !== undefined;
}

/** `host:port`, with brackets around an IPv6 host: what servers are told apart by. */
export function nameOf({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

interface Place {
  readonly hosts: readonly string[];
  readonly path: string | undefined;
  /** What is used is taken out. */
  readonly query: Map<string, string>;
}

function targetOf(kind: string | undefined, access: Access, place: Place): RedisTarget {
  if (kind === "sentinel") return sentinelTarget(access, place);
  const [address, ...more] = place.hosts.map((host) => addressOf(host, 6379));
  if (address === undefined) throw new Error("the URL of a Redis names no host");
  if (kind === "cluster") {
    if (databaseOf(place.path) !== 0) throw new Error("a Redis Cluster has only database 0");
    return { kind, ...access, seeds: [address, ...more] };
  }
  if (more.length > 0)
    throw new Error(
      "redis:// names one server: for several, redis+sentinel:// or redis+cluster://",
    );
  return { kind: "single", ...access, address, database: databaseOf(place.path) };
}

function sentinelTarget(access: Access, { hosts, path, query }: Place): SentinelTarget {
  if (path === undefined)
    throw new Error("the URL lacks the name that the sentinels know the primary by");
  return {
    kind: "sentinel",
    ...access,
    sentinels: hosts.map((host) => addressOf(host, 26379)),
    sentinelCredentials: {
      username: take(query, "sentinel-username"),
      password: take(query, "sentinel-password"),
    },
    primary: path,
    database: databaseOf(take(query, "database")),
  };
}

function addressOf(text: string, defaultPort: number): Address {
  const parts = HOST.exec(text)?.groups;
  const port = Number(parts?.["port"] ?? defaultPort);
  if (parts?.["host"] === undefined || port > 65_535)
    throw new Error("the URL of a Redis names a host that is not host:port");
  return { host: parts["host"].replace(/^\[|\]$/g, ""), port };
}

function databaseOf(text: string | undefined): number {
  if (text !== undefined && !/^\d{1,5}$/.test(text))
    throw new Error("a database of Redis is told by its number");
  return Number(text ?? 0);
}

/** Nothing is as good as absent. */
function decoded(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : decodeURIComponent(text);
}

function take(query: Map<string, string>, name: string): string | undefined {
  const value = query.get(name);
  query.delete(name);
  return value === "" ? undefined : value;
}
