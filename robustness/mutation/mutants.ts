/** A rule of the protocol left out: an edit of one source file, and the test that must fail by it. */
export interface Mutant {
  /** What the seat-broker does not do any more. */
  readonly rule: string;
  /** Below the top of the repository. */
  readonly file: string;
  /** Stands there once. */
  readonly text: string;
  readonly instead: string;
  readonly caughtBy: { readonly file: string; readonly test: string };
}

const LUA = "services/seat-broker/lua";
const SOURCE = "services/seat-broker/src";
const TESTS = "services/seat-broker/test";

export const MUTANTS = {
  lateHeartbeatRevives: {
    rule: "a heartbeat after the expiry revives nothing",
    file: `${LUA}/renew_seats.lua`,
    text: "if expiry and tonumber(expiry) > n then",
    instead: "if expiry then",
    caughtBy: {
      file: `${TESTS}/conformance.test.ts`,
      test: "the scripts do what the reference model does, whatever happens in whatever order",
    },
  },
  noTombstones: {
    rule: "a released or cancelled id is remembered",
    file: `${LUA}/release_seat.lua`,
    text: "redis.call('ZADD', T, remembered_until(pool), id)",
    instead: "",
    caughtBy: {
      file: `${TESTS}/seats.test.ts`,
      test: "an acquire that was cancelled before it arrived grants nothing",
    },
  },
  fenceIgnored: {
    rule: "nothing is decided before the earlier primary has certainly stopped",
    file: `${LUA}/lib/gate.lua`,
    text: "if n < fence_until then return nil, { 'FENCED', n, fence_until } end",
    instead: "",
    caughtBy: {
      file: `${TESTS}/set-up.test.ts`,
      test: "under a new incarnation nothing is decided until the earlier primary has certainly stopped",
    },
  },
  tokensNotVerified: {
    rule: "a token proves a lease only to the subject it was made for",
    file: `${SOURCE}/domain/lease-token.ts`,
    text: "timingSafeEqual(mac(secret, subject, bytes), given)",
    instead: "mac(secret, subject, bytes).length === given.length",
    caughtBy: {
      file: `${SOURCE}/domain/lease-token.test.ts`,
      test: "a token is of one lease and one installation",
    },
  },
} as const satisfies Record<string, Mutant>;

export type MutantName = keyof typeof MUTANTS;

export const MUTANT_NAMES = Object.keys(MUTANTS) as MutantName[];

/** The source with the rule left out. @throws if the text does not stand there once */
export function mutated({ file, text, instead }: Mutant, source: string): string {
  const parts = source.split(text);
  if (parts.length !== 2)
    throw new Error(`${file}: ${JSON.stringify(text)} stands there ${parts.length - 1} times`);
  return parts.join(instead);
}
