import type { Uuid } from "@leasehold/kernel";
import { inSpan } from "@leasehold/store-kit";
import { type Apart, selfClockedLanes } from "../use-cases/self-clocked.ts";

/** What is put to Redis for many who ask at a time. */
export interface Together<Question, Answer> {
  /** Of the span that each of them sees. */
  readonly name: string;
  readonly apart: Apart;
  /** The node that the pool of a license is on. */
  readonly nodeOf: (license: Uuid) => string;
  /** Puts some questions about one license in one call. @returns an answer to each, in their order */
  readonly ask: (license: Uuid, questions: readonly Question[]) => Promise<readonly Answer[]>;
}

/** A question, and whoever waits for the answer. */
interface Asked<Question, Answer> {
  readonly license: Uuid;
  readonly question: Question;
  readonly answer: (answer: Answer) => void;
  readonly fail: (error: unknown) => void;
}

/** One script call must not keep Redis from others for long: so many take a millisecond or two. */
const MOST_IN_A_CALL = 64;
/** A call of so many costs Redis little more for each of them than one of the most. */
const ENOUGH = 16;

/** Asks, with all who ask about the same license at a time in one call, and each node at its own pace. */
export function askTogether<Question, Answer>(
  together: Together<Question, Answer>,
): (license: Uuid, question: Question) => Promise<Answer> {
  const { name, apart, nodeOf } = together;
  const put = selfClockedLanes<Asked<Question, Answer>>({ apart, enough: ENOUGH }, (all) =>
    roundTrip(together, all),
  );
  return (license, question) =>
    inSpan(name, "redis", () => {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      put(nodeOf(license), [{ license, question, answer: resolve, fail: reject }]);
      return promise;
    });
}

async function roundTrip<Question, Answer>(
  together: Together<Question, Answer>,
  all: readonly Asked<Question, Answer>[],
): Promise<void> {
  const calls: Promise<void>[] = [];
  for (const [license, asked] of Map.groupBy(all, (one) => one.license))
    for (let at = 0; at < asked.length; at += MOST_IN_A_CALL)
      calls.push(settle(together, license, asked.slice(at, at + MOST_IN_A_CALL)));
  await Promise.all(calls);
}

/** Never rejects: each of those who asked learns of it. */
async function settle<Question, Answer>(
  { ask }: Together<Question, Answer>,
  license: Uuid,
  asked: readonly Asked<Question, Answer>[],
): Promise<void> {
  try {
    const answers = await ask(
      license,
      asked.map(({ question }) => question),
    );
    if (answers.length !== asked.length)
      throw new Error("a script answered others than it was asked");
    for (const [index, answer] of answers.entries()) asked[index]?.answer(answer);
  } catch (error) {
    for (const { fail } of asked) fail(error);
  }
}
