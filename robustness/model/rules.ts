/** What the protocol consists of. Without any one of them it does not keep its promises. */
export interface Rules {
  /** After a change of incarnation nothing is granted or renewed before the old primary has stopped. */
  readonly fence: boolean;
  /** After a loss nobody new is admitted. */
  readonly learning: boolean;
  /** Learning lasts as long as any lease may live, and not a tick less. */
  readonly learningForSpan: boolean;
  /** A primary that is cut off from its replica stops. */
  readonly minReplicas: boolean;
  /** The server keeps a seat longer than its holder may rely on it. */
  readonly grace: boolean;
  /** A pool without its meta data is set up anew, by an epoch; it is not taken for an empty one. */
  readonly explicitSetUp: boolean;
  /** A pool whose members were emptied is noticed. */
  readonly sentinel: boolean;
  /** A pool whose data are of an earlier incarnation is noticed. */
  readonly incarnation: boolean;
  /** Each attempt to set a pool up takes an epoch of its own. */
  readonly freshEpoch: boolean;
  /** An attempt to set a pool up is good for a short while only. */
  readonly setUpWindow: boolean;
  /** Learning counts from the incarnation's first sight only for the newest data. */
  readonly newestDataOnly: boolean;
  /** A token that ran out does not bring a lease back. */
  readonly tokenExpiry: boolean;
  /** Copies whose holders have not come forward do not count against those who have. */
  readonly countConfirmed: boolean;
  /** While learning, a repeated acquire does not bring an unconfirmed copy back. */
  readonly copiesProveNothing: boolean;
  /** A heartbeat after the expiry revives nothing. */
  readonly expiryIsFinal: boolean;
  /** A released or cancelled id is remembered. */
  readonly tombstones: boolean;
  /** While learning nothing is reaped: an old copy may have run out whose holder has a newer token. */
  readonly reapAfterLearning: boolean;
  /** A broker that saw the clock step forward admits nobody until every lease has had its time. */
  readonly settling: boolean;
  /** Terms of an older revision change nothing. */
  readonly newestTerms: boolean;
  /** Suspending a license frees no seat before its holder has stopped. */
  readonly suspensionFreesNothing: boolean;
  /** A holder counts its validity from before it sent the request. */
  readonly deadlineFromSending: boolean;
  /** A holder stops before it sends the release. */
  readonly stopBeforeRelease: boolean;
}

export type Rule = keyof Rules;

/** The protocol as it is. */
export const ALL_RULES: Rules = {
  fence: true,
  learning: true,
  learningForSpan: true,
  minReplicas: true,
  grace: true,
  explicitSetUp: true,
  sentinel: true,
  incarnation: true,
  freshEpoch: true,
  setUpWindow: true,
  newestDataOnly: true,
  tokenExpiry: true,
  countConfirmed: true,
  copiesProveNothing: true,
  expiryIsFinal: true,
  tombstones: true,
  reapAfterLearning: true,
  settling: true,
  newestTerms: true,
  suspensionFreesNothing: true,
  deadlineFromSending: true,
  stopBeforeRelease: true,
};

/** The protocol with a rule missing. */
export function without(rule: Rule): Rules {
  return { ...ALL_RULES, [rule]: false };
}
