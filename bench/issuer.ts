/*
 * What an issuer carries.
 *
 *   node --conditions=source bench/issuer.ts [--issued 2000] [--keys 1000000] [--real 5000]
 *     [--depth 100000] [--licenses 100000] [--in-flight 16] [--json]
 *
 * One issuer as a process of its own, on a Postgres of its own unless DATABASE_URL names one; the callers are in
 * this process, `in-flight` of them at a time. Licenses are issued by IssueLicense, one after another by each caller.
 * `real` product keys are made by GenerateProductKeys, then so many others that nobody has are put into the table,
 * then each real one is looked up by VerifyProductKey. The license is copied in the database until there are `licenses`
 * more, then a watcher that has nothing reads the whole feed, while the issuer's memory is looked at every 50 ms. A page
 * of 500 of ListLicenses is asked for at the front, and behind `depth` licenses.
 */
import { parseArgs } from "node:util";
import { startLoneIssuer } from "./issuer/lone-issuer.ts";
import {
  measureDepth,
  measureIssuing,
  measureKeyLookUps,
  listOfLicenses,
  measureWatch,
} from "./issuer/measurements.ts";
import { openStock } from "./issuer/stock.ts";

/** What the process must live within. */
const MEMORY_BAR_MIB = 512;
/** A page deep in a list may take so many times as long as the first one. */
const DEPTH_BAR = 3;

const { values } = parseArgs({
  options: {
    issued: { type: "string", default: "2000" },
    keys: { type: "string", default: "1000000" },
    real: { type: "string", default: "5000" },
    depth: { type: "string", default: "100000" },
    licenses: { type: "string", default: "100000" },
    "in-flight": { type: "string", default: "16" },
    json: { type: "boolean", default: false },
  },
});

const issued = Number(values.issued);
const licenses = Number(values.licenses);
const inFlight = Number(values["in-flight"]);
await using bench = await startLoneIssuer();
const stock = await openStock(bench);
const issuing = await measureIssuing(stock, issued, inFlight);
const keys = { keys: Number(values.keys), real: Number(values.real), inFlight };
const lookUps = await measureKeyLookUps(bench, stock, keys);
const watch = await measureWatch(bench, stock, licenses);
const depth = await measureDepth(listOfLicenses(bench), Number(values.depth));

const failures: string[] = [];
const expected = 1 + issued + licenses;
if (watch["watchedLicenses"] !== expected)
  failures.push(`the watcher got ${watch["watchedLicenses"]} of ${expected} licenses`);
if ((watch["memoryMostMiB"] ?? Infinity) > MEMORY_BAR_MIB)
  failures.push(`the issuer took more than ${MEMORY_BAR_MIB} MiB`);
if ((depth["deepPageP50Ms"] ?? Infinity) > DEPTH_BAR * (depth["firstPageP50Ms"] ?? 0))
  failures.push("a deep page of a list takes too long");
const figures = { ...issuing, ...lookUps, ...depth, ...watch };
if (!values.json) console.table(figures);
const ok = failures.length === 0;
console.log(JSON.stringify({ ok, figures, failures }));
process.exitCode = ok ? 0 : 1;
