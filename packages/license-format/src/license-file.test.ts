import { beforeAll, describe, expect, test } from "vitest";
import {
  formatLicenseFile,
  generateKeyPair,
  licenseFileIssuedAt,
  licenseFilePreview,
  MAX_LICENSE_FILE_BYTES,
  parseLicenseFile,
  signInstallation,
  signLicense,
  verifyLicenseFile,
} from "./index.ts";
import {
  LICENSE,
  NOW,
  sampleDeployment,
  type SampleDeployment,
} from "../test/sample-deployment.ts";

let sample: SampleDeployment;
let file: string;
beforeAll(async () => {
  sample = await sampleDeployment();
  file = formatLicenseFile(sample.tokens);
});

const expected = { product: LICENSE.product, now: NOW };

describe("a license file", () => {
  test("tells a person what it holds", () => {
    expect(file.slice(0, file.indexOf("-----"))).toBe(
      [
        "# Leasehold license file",
        "# Licensee: Ada Lovelace",
        "# Organization: Analytical Engines ☃ Ltd.",
        "# Product: products/atlas",
        "# License: customers/acme/licenses/0190a000-0000-7000-8000-000000000001",
        "# Seats: 3 (FLOATING)",
        "# Features: dataflow, diagrams (40), reporting (5; seats: 2), workflow (seats: 0)",
        "# Begins: 2030-01-14T12:00:00.000Z",
        "# Ends: 2031-01-15T12:00:00.000Z",
        "# Maintenance ends: 2030-07-14T12:00:00.000Z",
        "# Versions: 3.1 to 4",
        "# Offline days: 14",
        "# Virtual machines: 2 at most",
        "# Trial: yes",
        "# Installation: installations/0190a000-0000-7000-8000-000000000002",
        "",
      ].join("\n"),
    );
  });

  test("gives back its tokens, and the preview as it stands there", () => {
    expect(parseLicenseFile(file)).toEqual({
      kind: "parsed",
      preview: licenseFilePreview(sample.tokens),
      ...sample.tokens,
    });
  });

  test("whose preview was edited shows it by comparison", () => {
    const parsed = parseLicenseFile(file.replace("Seats: 3", "Seats: 300"));
    expect(parsed).toMatchObject({ kind: "parsed", ...sample.tokens });
    expect(parsed.kind === "parsed" && parsed.preview).not.toEqual(
      licenseFilePreview(sample.tokens),
    );
  });

  test("keeps a name that would turn its line round or end it on its line", async () => {
    const licensee = { name: "Ada\u2028Seats: 9\u202e", organization: "O" };
    const license = await signLicense(sample.licenseKey, { ...LICENSE, licensee });
    expect(licenseFilePreview({ ...sample.tokens, license })?.[0]).toBe(
      "# Licensee: Ada?Seats: 9?",
    );
  });

  test.each<[string, (plain: string) => string]>([
    ["with the line ends of Windows", (plain) => plain.replaceAll("\n", "\r\n")],
    ["with a byte order mark", (plain) => `\ufeff${plain}`],
    ["with no line end at its end", (plain) => plain.trimEnd()],
    [
      "with blank lines and spaces at line ends",
      (plain) => `\n${plain.replaceAll("\n", " \n")}\n\n`,
    ],
    ["without its preview", (plain) => plain.slice(plain.indexOf("-----BEGIN"))],
    ["with its block on one line", (plain) => plain.replaceAll(/(?<=[\w+/=])\n(?=[\w+/=])/g, "")],
  ])("%s is accepted", (_, respell) => {
    expect(respell(file)).not.toBe(file);
    expect(parseLicenseFile(respell(file))).toMatchObject({ kind: "parsed", ...sample.tokens });
  });

  test.each<[string, (plain: string) => string, string]>([
    ["empty", () => "", "no-block"],
    ["doubled", (plain) => plain + plain, "doubled"],
    ["with two ends", (plain) => `${plain}-----END LEASEHOLD LICENSE-----\n`, "doubled"],
    ["cut off in its preview", (plain) => plain.slice(0, 50), "no-block"],
    ["cut off in its block", (plain) => plain.slice(0, -200), "truncated"],
    ["cut off in its last line", (plain) => plain.slice(0, -8), "truncated"],
    ["cut off in front", (plain) => plain.slice(plain.indexOf("BEGIN")), "no-block"],
    ["with the end first", (plain) => plain.split("\n").toReversed().join("\n"), "stray-text"],
    ["with text before", (plain) => `Dear customer,\n${plain}`, "stray-text"],
    ["with text after", (plain) => `${plain}Regards`, "stray-text"],
    [
      "with a line of its block lost",
      (plain) => plain.replace(/(BEGIN.*\n).*\n/, "$1"),
      "malformed",
    ],
    [
      "with a comment in its block",
      (plain) => plain.replace(/(BEGIN.*\n)/, "$1# no\n"),
      "malformed",
    ],
    ["of more than 80 KiB", (plain) => plain + "\n".repeat(MAX_LICENSE_FILE_BYTES), "too-large"],
    [
      "of more than 80 KiB of wide characters",
      (plain) => `#${"☃".repeat(28_000)}\n${plain}`,
      "too-large",
    ],
    ["of a list", () => block([]), "malformed"],
    ["of two tokens", () => block({ license: "a.b.c", install: "a.b.c" }), "malformed"],
    [
      "of tokens that are none",
      () => block({ license: "a", install: "a.b.c", trust: "a.b.c" }),
      "malformed",
    ],
    [
      "of a token with a line end",
      () => block({ license: "a.b.c\n", install: "a.b.c", trust: "a.b.c" }),
      "malformed",
    ],
  ])("%s is refused", (_, spoil, fault) => {
    expect(parseLicenseFile(spoil(file))).toEqual({ kind: "refused", fault });
  });

  test("is not written of tokens that are none", () => {
    const tokens = { ...sample.tokens, install: sample.tokens.license };
    expect(() => formatLicenseFile(tokens)).toThrow(RangeError);
  });

  test("of the largest license fits its size", async () => {
    const features = Array.from({ length: 200 }, (_, index) => ({
      feature: `f${index}`.padEnd(64, "x"),
      limit: Number.MAX_SAFE_INTEGER,
      seats: 1_000_000,
    }));
    const digest = Buffer.alloc(64).toString("base64url");
    const components = Object.fromEntries(
      features.slice(0, 32).map(({ feature }) => [feature, digest]),
    );
    const install = await signInstallation(sample.installKey, {
      ...sample.installation,
      fingerprint: { salt: digest, components },
    });
    const license = await signLicense(sample.licenseKey, {
      ...LICENSE,
      licensee: { name: "😀".repeat(200), organization: "😀".repeat(200) },
      terms: { ...LICENSE.terms, features },
    });
    const tokens = { ...sample.tokens, license, install };
    const written = parseLicenseFile(formatLicenseFile(tokens));
    expect(written).toMatchObject({ kind: "parsed", ...tokens });
    const verified = await verifyLicenseFile(tokens, sample.root.publicKey, expected);
    expect(verified.kind).toBe("verified");
  });
});

describe("verifying a license file", () => {
  test("as of its issue shows what it proved, after its refresh date too", async () => {
    const now = licenseFileIssuedAt(sample.tokens);
    expect(now).toBe(NOW);
    expect(licenseFileIssuedAt({ ...sample.tokens, install: sample.tokens.trust })).toBeUndefined();
    const verified = await verifyLicenseFile(sample.tokens, sample.root.publicKey, {
      now: now ?? Number.NaN,
    });
    expect(verified.kind).toBe("verified");
  });

  test("gives what it proves, from the pinned root down", async () => {
    expect(await verifyLicenseFile(sample.tokens, sample.root.publicKey, expected)).toEqual({
      kind: "verified",
      claims: { license: sample.license, installation: sample.installation, trust: sample.trust },
    });
  });

  test("refuses the certificates of another license's installation", async () => {
    const license = "customers/acme/licenses/another";
    const install = await signInstallation(sample.installKey, { ...sample.installation, license });
    expect(
      await verifyLicenseFile({ ...sample.tokens, install }, sample.root.publicKey, expected),
    ).toEqual({ kind: "refused", fault: "mismatched" });
  });

  test("refuses another root, an older bundle, and a file past its refresh", async () => {
    const { publicKey } = await generateKeyPair();
    const fault = async (root: Uint8Array, expectation: object) => {
      const verified = await verifyLicenseFile(sample.tokens, root, {
        ...expected,
        ...expectation,
      });
      return verified.kind === "refused" ? verified.fault : "verified";
    };
    expect(await fault(publicKey, {})).toBe("unknown-key");
    expect(await fault(sample.root.publicKey, { minTrustVersion: 8 })).toBe("older-bundle");
    expect(await fault(sample.root.publicKey, { now: LICENSE.refreshBy })).toBe("expired");
    expect(await fault(sample.root.publicKey, { product: "products/other" })).toBe(
      "wrong-audience",
    );
  });
});

function block(content: unknown): string {
  const body = Buffer.from(JSON.stringify(content)).toString("base64");
  return `-----BEGIN LEASEHOLD LICENSE-----\n${body}\n-----END LEASEHOLD LICENSE-----\n`;
}
