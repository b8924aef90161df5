/** A server that speaks Redis 7 or later, found on this machine. */
export interface RedisProgram {
  readonly command: string;
  /** What the program needs in its environment, besides nothing. */
  readonly env: Readonly<Record<string, string>>;
  /** For example `Redis 7.0.15`. */
  readonly version: string;
}

/** Where a program may be, before its version is known. */
export type RedisCandidate = Pick<RedisProgram, "command" | "env">;
