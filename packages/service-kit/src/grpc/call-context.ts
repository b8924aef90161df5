import type { Principal } from "../auth/principal.ts";

/** What a handler knows of its call besides the request. */
export interface CallContext {
  /** Who calls; allowed to by the method's rule. */
  readonly principal: Principal;
  /**
   * Aborts once there is nobody left to answer: deadline, caller gone, server going away.
   * On a stream also when it ended well.
   */
  readonly signal: AbortSignal;
  /** Address and port of the caller. */
  readonly peer: string;
  /** Milliseconds that were left when the call began; `undefined` for a stream without deadline. */
  readonly deadline: number | undefined;
}
