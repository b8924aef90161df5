import { Check } from "./check.ts";
import { invalidRequest } from "./request-problems.ts";

/**
 * Reads a request whole.
 * @param read reads each field through the check and returns what was read
 * @throws Problem INVALID_REQUEST that tells every violation
 */
export function parseRequest<Result>(read: (check: Check) => Result): Result {
  const check = new Check();
  try {
    const result = read(check);
    if (check.violations.length === 0) return result;
  } catch (thrown) {
    // A field that depends on a bad one may stumble over it; the bad one is what to tell.
    if (check.violations.length === 0) throw thrown;
  }
  throw invalidRequest(check.violations);
}
