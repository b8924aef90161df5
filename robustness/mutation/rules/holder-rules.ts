import type { MutantTable } from "../mutant.ts";

const SOURCE = "packages/client/src";
const TESTS = "packages/client/test";

/** What the client library does, so that nobody relies on a seat for too long. */
export const HOLDER_RULES = {
  deadlineFromReceipt: {
    rule: "the validity counts from before the seat was asked for",
    file: `${SOURCE}/lease-seat.ts`,
    text: "return { lease, warnings, sentAt };",
    instead: "return { lease, warnings, sentAt: elapsed() };",
    caughtBy: {
      file: `${SOURCE}/lease-seat.test.ts`,
      test: "a lease counts from before it was asked for, however long the answer took",
    },
  },
  lateAnswersCount: {
    rule: "an answer older than its validity grants nothing",
    file: `${SOURCE}/lease-timeline.ts`,
    text: "if (!(now < sentAt + validityMs)) return undefined;",
    instead: "",
    caughtBy: {
      file: `${SOURCE}/lease-timeline.test.ts`,
      test: "an answer older than its validity grants nothing",
    },
  },
  lostLeasesRevive: {
    rule: "a lease past its deadline is never revived",
    file: `${SOURCE}/lease-timeline.ts`,
    text: "if (!held(timeline, now) || promised",
    instead: "if (promised",
    caughtBy: {
      file: `${SOURCE}/lease-timeline.test.ts`,
      test: "a lease past its deadline is never revived",
    },
  },
  olderAnswersCount: {
    rule: "answers that arrive out of order do not shorten what is known",
    file: `${SOURCE}/lease-timeline.ts`,
    text: " || promised.sentAt <= timeline.sentAt",
    instead: "",
    caughtBy: {
      file: `${SOURCE}/lease-timeline.test.ts`,
      test: "answers that arrive out of order do not shorten what is known",
    },
  },
  heldPastTheDeadline: {
    rule: "a seat is not held after its deadline",
    file: `${SOURCE}/lease-timeline.ts`,
    text: 'return timeline.passed !== "end" && now < deadlineOf(timeline);',
    instead: 'return timeline.passed !== "end";',
    caughtBy: {
      file: `${SOURCE}/lease-timeline.test.ts`,
      test: "whatever is answered when, a seat is held only within C of a request that was answered",
    },
  },
  heldAfterSleep: {
    rule: "time asleep counts",
    file: `${SOURCE}/suspend-aware-clock.ts`,
    text: "return monotonicNow + slept;",
    instead: "return monotonicNow;",
    caughtBy: {
      file: `${SOURCE}/suspend-aware-clock.test.ts`,
      test: "time asleep counts, though the monotonic clock stood still",
    },
  },
  nothingCancelled: {
    rule: "what may have been granted to nobody is cancelled",
    file: `${SOURCE}/lease-seat.ts`,
    text: "if (leasing.unsure) ports.giveUp(request.leaseId);",
    instead: "",
    caughtBy: {
      file: `${TESTS}/seat-session.test.ts`,
      test: "an acquire that was given up is cancelled under its lease id",
    },
  },
  heldWhileReleasing: {
    rule: "a holder stops before it gives its seat back",
    file: `${SOURCE}/seat.ts`,
    text: 'lease.end ??= "released";',
    instead: "",
    caughtBy: {
      file: `${TESTS}/seat-session.test.ts`,
      test: "a seat that is acquired is held, kept up by heartbeats with the newest token, and released",
    },
  },
  heldUntilGivenBack: {
    rule: "a seat that was taken back is not held",
    file: `${SOURCE}/seat.ts`,
    text: "lease.end === undefined && ",
    instead: "",
    caughtBy: {
      file: `${TESTS}/seat-session.test.ts`,
      test: "a seat that an administrator takes back ends at once, with the reason, and is given back",
    },
  },
  neverElsewhere: {
    rule: "a silent broker is left before the seat is in danger",
    file: `${SOURCE}/lease-timeline.ts`,
    text: '    steps.push("switch");\n',
    instead: "",
    caughtBy: {
      file: `${TESTS}/seat-session.test.ts`,
      test: "a silent broker is left for the next one before the seat is in danger",
    },
  },
} as const satisfies MutantTable;
