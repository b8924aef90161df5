/*
 * Prints `N passed, N failed` from a JSON report of vitest, whose path it is given. A file that
 * could not be run at all counts as one failure.
 */
import { readFileSync } from "node:fs";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly unknown[];
  }[];
}

const report = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Report;
const broken = report.testResults.filter(
  (file) => file.status === "failed" && file.assertionResults.length === 0,
);
console.log(`${report.numPassedTests} passed, ${report.numFailedTests + broken.length} failed`);
