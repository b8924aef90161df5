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
  /** Whoever sets a pool up empties it: leases that are there prove nothing. */
  readonly emptied: boolean;
  /** No more leases are let back in than there is room for. */
  readonly roomIsBound: boolean;
  /** A heartbeat after the expiry revives nothing. */
  readonly expiryIsFinal: boolean;
  /** A released or cancelled id is remembered. */
  readonly tombstones: boolean;
  /** Terms of an older revision change nothing. */
  readonly newestTerms: boolean;
  /** After the seats were lowered a loss finds room for those who had one before. */
  readonly roomForAll: boolean;
  /** That room is given up only when no more leases are live than there are seats. */
  readonly roomUntilFewEnough: boolean;
  /** Suspending a license frees no seat before its holder has stopped. */
  readonly suspensionFreesNothing: boolean;
  /** A holder counts its validity from before it sent the request. */
  readonly deadlineFromSending: boolean;
  /** A holder stops before it sends the release. */
  readonly stopBeforeRelease: boolean;

  /** A script refuses a caller that takes the clock to be elsewhere. */
  readonly estimate: boolean;
  /** A broker that starts, or finds the clock elsewhere, vouches for it from then on only. */
  readonly trustAnew: boolean;
  /** In a pool only the time counts that the caller vouches for. */
  readonly vouching: boolean;
  /** The time of a pool goes no further than its caller takes the clock to be. */
  readonly noFurtherThanExpected: boolean;
  /** A broker that saw the clock step back tells the pool where it would be: what brings it there may be a step, and does not count. */
  readonly peak: boolean;
  /** Every broker reads the clock all the time, and so misses no step that lasts. */
  readonly clockIsWatched: boolean;
  /** An incarnation is as old only as the clock is vouched for. */
  readonly ageVouchedFor: boolean;
  /** Whether a token ran out is told by how long ago it was written, whatever the clock did since. */
  readonly tokensOutliveSteps: boolean;

  /** A lease that was taken back is neither renewed nor granted again. */
  readonly revokedIsFinal: boolean;
  /** Its seat is free only when its holder has stopped. */
  readonly revocationFreesNothing: boolean;
  /** After a loss the pool learns again which leases were taken back. */
  readonly revocationsLast: boolean;
  /** After a loss the pool learns again which seats are borrowed. */
  readonly borrowsLast: boolean;
  /** It learns that before it lets anybody back in. */
  readonly restoredFirst: boolean;
  /** What was read for an earlier epoch is not given to a pool. */
  readonly restoredInItsEpoch: boolean;
  /** A file is signed only in the epoch of the pool that keeps the seat. */
  readonly borrowedInItsEpoch: boolean;
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
  emptied: true,
  roomIsBound: true,
  expiryIsFinal: true,
  tombstones: true,
  newestTerms: true,
  roomForAll: true,
  roomUntilFewEnough: true,
  suspensionFreesNothing: true,
  deadlineFromSending: true,
  stopBeforeRelease: true,
  estimate: true,
  trustAnew: true,
  vouching: true,
  noFurtherThanExpected: true,
  peak: true,
  clockIsWatched: true,
  ageVouchedFor: true,
  tokensOutliveSteps: true,
  revokedIsFinal: true,
  revocationFreesNothing: true,
  revocationsLast: true,
  borrowsLast: true,
  restoredFirst: true,
  restoredInItsEpoch: true,
  borrowedInItsEpoch: true,
};

/** The protocol with a rule missing. */
export function without(rule: Rule): Rules {
  return { ...ALL_RULES, [rule]: false };
}
