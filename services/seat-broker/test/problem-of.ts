import { isProblem, type Problem } from "@leasehold/kernel";

/** The problem that a call comes to; fails if it comes to an answer. */
export async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (isProblem(outcome)) return outcome;
  throw new Error("the call came to no problem", { cause: outcome });
}

/** Its reason alone. */
export async function reasonOf(call: Promise<unknown>): Promise<string> {
  return (await problemOf(call)).reason;
}
