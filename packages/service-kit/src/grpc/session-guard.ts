import { EventEmitter } from "node:events";
import { constants, type IncomingHttpHeaders, type ServerHttp2Session } from "node:http2";
import type { Server } from "@grpc/grpc-js";
import type { Clock } from "@leasehold/kernel";

/** What guarding the sessions of a server needs. */
export interface SessionGuardOptions {
  readonly clock: Pick<Clock, "monotonic">;
  /** Whether something is served under a path. */
  readonly serves: (path: string) => boolean;
  /** Told of each session that began. */
  readonly begun: (session: ServerHttp2Session) => void;
}

/**
 * Guards every session of a server that connections can be handed to.
 * @throws Error if the transport keeps its sessions elsewhere than where they are looked for
 */
export function guardSessions(grpc: Server, options: SessionGuardOptions): void {
  // The transport tells of no session. The version is pinned.
  const servers: unknown = Reflect.get(grpc, "http2Servers");
  if (!(servers instanceof Map) || servers.size === 0)
    throw new Error("the transport does not tell of its sessions");
  for (const server of servers.keys() as Iterable<unknown>)
    if (server instanceof EventEmitter)
      server.on("session", (session: ServerHttp2Session) => {
        options.begun(session);
        guardSession(session, options);
      });
}

/** PING and SETTINGS frames of one session: far more than libraries send that measure the line with them. */
const MOST_CONTROL_FRAMES = 1_000;
const PERIOD_MS = 10_000;

/**
 * Guards one session, before the transport sees what it sends: a flood of frames that each want an
 * answer ends it; headers that the transport would trip over, or repeat to the caller, are put right.
 */
function guardSession(
  session: ServerHttp2Session,
  { clock, serves }: Omit<SessionGuardOptions, "begun">,
): void {
  let periodBegan = clock.monotonic();
  let frames = 0;
  const count = (): void => {
    const now = clock.monotonic();
    if (now - periodBegan >= PERIOD_MS) {
      periodBegan = now;
      frames = 0;
    }
    frames += 1;
    if (frames > MOST_CONTROL_FRAMES && !session.destroyed)
      session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  };
  session.on("ping", count);
  session.on("remoteSettings", count);
  session.prependListener("stream", (_, headers: IncomingHttpHeaders) => {
    if (!serves(headers[":path"] ?? "")) headers[":path"] = UNKNOWN_PATH;
    if (!isTimeout(headers["grpc-timeout"])) delete headers["grpc-timeout"];
  });
}

/** The transport tells a caller which path is not served: this one, whatever it was. */
const UNKNOWN_PATH = "/unknown";

/** A whole number of milliseconds that a timer takes. */
const LONGEST_MS = 2 ** 31 - 1;
const UNIT_MS = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 } as const;

/** Whether a timeout is one: the transport would wrap what is too long, and end a call over what is no time. */
function isTimeout(text: string | readonly string[] | undefined): boolean {
  const [, digits = "", unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(String(text)) ?? [];
  if (digits === "") return false;
  const ms = Number(digits) * UNIT_MS[unit as keyof typeof UNIT_MS];
  return ms >= 1 && ms <= LONGEST_MS;
}
