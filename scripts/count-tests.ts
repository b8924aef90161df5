/*
 * Prints which tests failed and why, then `N passed, N failed`, from a JSON report of vitest whose
 * path it is given. A file that could not be run at all counts as one failure.
 */
import { readFileSync } from "node:fs";
import { relative } from "node:path";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly TestFile[];
}

interface TestFile {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly failureMessages: readonly string[];
  }[];
}

const report = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Report;
const broken = report.testResults.filter(
  (file) => file.status === "failed" && file.assertionResults.length === 0,
);

for (const file of broken) tell(file, "could not be run", [file.message]);
for (const file of report.testResults)
  for (const test of file.assertionResults)
    if (test.status === "failed") tell(file, test.fullName, test.failureMessages);
console.log(`${report.numPassedTests} passed, ${report.numFailedTests + broken.length} failed`);

function tell(file: TestFile, what: string, why: readonly string[]): void {
  console.log(`FAILED ${relative(process.cwd(), file.name)}: ${what}\n${why.join("\n")}`);
}
