import { beforeAll, expect, test } from "vitest";
import {
  formatLicenseFile,
  formatResponseFile,
  generateKeyPair,
  licenseFilePreview,
  type OfflineResponse,
  parseResponseFile,
  signInstallation,
  verifyResponseFile,
} from "./index.ts";
import {
  LICENSE,
  NOW,
  sampleDeployment,
  type SampleDeployment,
} from "../test/sample-deployment.ts";
import { REQUEST_ID } from "../test/sample-request.ts";

const OTHER_ID = "0190a000-0000-7000-8000-00000000000e";
const EXPECTED = { product: LICENSE.product, now: NOW };

let sample: SampleDeployment;
let answer: OfflineResponse;
let file: string;
beforeAll(async () => {
  sample = await sampleDeployment();
  const claims = { ...sample.installation, answers: REQUEST_ID };
  const install = await signInstallation(sample.installKey, claims);
  answer = { ...sample.tokens, install, request: REQUEST_ID };
  file = formatResponseFile(answer);
});

async function fault(response: OfflineResponse, root = sample.root.publicKey, now = NOW) {
  const verified = await verifyResponseFile(response, root, { ...EXPECTED, now });
  return verified.kind === "refused" ? verified.fault : verified.kind;
}

test("a response gives what it proves, from the pinned root down, and what it answers", async () => {
  expect(await verifyResponseFile(answer, sample.root.publicKey, EXPECTED)).toEqual({
    kind: "verified",
    claims: {
      license: sample.license,
      installation: { ...sample.installation, answers: REQUEST_ID },
      trust: sample.trust,
    },
  });
});

test("a response tells a person what it answers, and what the license holds", () => {
  expect(file.slice(0, file.indexOf("-----")).split("\n")).toEqual([
    "# Leasehold response file",
    `# Answers: ${REQUEST_ID}`,
    ...(licenseFilePreview(answer) ?? []),
    "",
  ]);
  expect(parseResponseFile(file)).toMatchObject({ kind: "parsed", ...answer });
});

test("a response that says it answers another request is refused", async () => {
  expect(await fault({ ...answer, request: OTHER_ID })).toBe("mismatched");
});

test("a license file that was given another name answers nothing", async () => {
  expect(await fault({ ...sample.tokens, request: REQUEST_ID })).toBe("mismatched");
  expect(parseResponseFile(formatLicenseFile(sample.tokens))).toEqual({
    kind: "refused",
    fault: "no-block",
  });
});

test("a response of another deployment, or past its refresh, is refused", async () => {
  const { publicKey } = await generateKeyPair();
  expect(await fault(answer, publicKey)).toBe("unknown-key");
  expect(await fault(answer, sample.root.publicKey, LICENSE.refreshBy)).toBe("expired");
});

test.each<[string, (plain: string) => string, string]>([
  ["doubled", (plain) => plain + plain, "doubled"],
  ["cut off", (plain) => plain.slice(0, -100), "truncated"],
  ["with a line lost", (plain) => plain.replace(/(BEGIN.*\n).*\n/, "$1"), "malformed"],
  ["too large", (plain) => plain + "\n".repeat(81 * 1024), "too-large"],
])("a response file that is %s is refused", (_, spoil, expected) => {
  expect(parseResponseFile(spoil(file))).toEqual({ kind: "refused", fault: expected });
});

test("a response file is written of nothing but such tokens, for a request that has an id", () => {
  expect(() => formatResponseFile({ ...answer, license: answer.trust })).toThrow(RangeError);
  expect(() => formatResponseFile({ ...answer, request: "1" })).toThrow(RangeError);
});
