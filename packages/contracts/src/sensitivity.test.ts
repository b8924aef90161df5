import { beforeAll, expect, test } from "vitest";
import { descriptorFiles, SENSITIVE_FIELDS, sensitivityOf } from "./index.ts";
import { FileDescriptorProto } from "./gen/google/protobuf/descriptor.ts";

/** Words in the name of a field that make one think of a secret, or of a person. */
const LOOKS_SECRET =
  /(?:^|_)(?:keys?|tokens?|tickets?|secrets?|passwords?|proofs?|codes?|challenges?|answers?|pepper|salt|credentials?|certificates?|private|sealed|file|borrow|cookie)(?:_|$)/;
const LOOKS_PERSONAL =
  /(?:^|_)(?:email|phone|users?|hosts?|address|licensee_(?:name|organization))(?:_|$)/;

/** Fields that look it and are not. A name without a message is meant in all of them. */
const PLAIN: Readonly<Record<string, string>> = {
  page_token: "where a list goes on, and nothing else; made for one query of one caller's scope",
  next_page_token: "as page_token",
  fencing_token: "a number that grows: it is compared, and proves nothing",
  public_key: "public",
  json_web_key_set: "public keys",
  vendor_file: "public: the trust bundle, and the public key that product keys are sealed to",
  email_verified: "yes or no",
  "leasehold.issuer.v1.AuditCheckpoint.token": "signed, and made to be handed out",
  "leasehold.issuer.v1.Feature.code": "the short name of a feature",
  "leasehold.issuer.v1.IssueCertificatesRequest.answers": "the id of a request file",
  "leasehold.activation.v1.Site.certificate_failure": "a reason or a fault, by its name",
  "leasehold.activation.v1.Entitlement.named_users_revision": "a number",
};

interface FieldFacts {
  readonly name: string;
  readonly full: string;
  readonly scalar: boolean;
  readonly debugRedact: boolean;
}

let fields: readonly FieldFacts[] = [];

beforeAll(async () => {
  const files = (await descriptorFiles()).map((file) => FileDescriptorProto.decode(file));
  fields = files
    .filter(({ package: prefix = "" }) => prefix.startsWith("leasehold."))
    .flatMap(({ package: prefix = "", messageType }) =>
      messageType.flatMap((message) =>
        message.field.map(({ name = "", typeName = "", options }) => ({
          name,
          full: `${prefix}.${message.name}.${name}`,
          // Of a message, its own fields are looked at; a map has a message of its own.
          scalar: typeName === "" || typeName.startsWith(`.${prefix}.${message.name}.`),
          debugRedact: options?.debugRedact === true,
        })),
      ),
    );
});

const isSensitive = (full: string): boolean => Object.hasOwn(SENSITIVE_FIELDS, full);
const isPlain = ({ name, full }: FieldFacts): boolean => name in PLAIN || full in PLAIN;

test("every field that looks like a secret or a person is called sensitive, or has a reason why not", () => {
  const looking = fields.filter(
    ({ name, scalar }) => scalar && (LOOKS_SECRET.test(name) || LOOKS_PERSONAL.test(name)),
  );
  expect(looking.length).toBeGreaterThan(60);
  const silent = looking.filter((field) => !isSensitive(field.full) && !isPlain(field));
  expect(silent.map(({ full }) => full)).toEqual([]);
});

test("no reason stands for a field that is gone, or that is called sensitive all the same", () => {
  const used = new Set(
    fields.filter(({ full }) => !isSensitive(full)).flatMap(({ name, full }) => [name, full]),
  );
  expect(Object.keys(PLAIN).filter((name) => !used.has(name))).toEqual([]);
});

test("secrets have the option that foreign tools know, and nothing else has it", () => {
  const bySecret = fields.filter(
    ({ full }) => (SENSITIVE_FIELDS as Readonly<Record<string, string>>)[full] === "SECRET",
  );
  expect(bySecret.length).toBeGreaterThan(10);
  expect(fields.filter(({ debugRedact }) => debugRedact)).toEqual(bySecret);
});

test.each([
  ["product_key", "SECRET"],
  ["productKey", "SECRET"],
  ["token", "SECRET"],
  ["email", "PERSONAL"],
  ["licenseeName", "PERSONAL"],
  ["seats", undefined],
] as const)("%s is %s", (name, why) => {
  expect(sensitivityOf(name)).toBe(why);
});
