import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { refreshInstallation } from "@leasehold/client";
import { expect, test } from "vitest";
import { startRegion } from "./region.ts";
import { deskIn, inDatabase, openScene, saleOf, seatOf, sessionOf, unlockIn } from "./scene.ts";

/** What an operator runs when no copy of the key is found. */
const RETIRE = new URL("../../deploy/recovery/retire-signing-keys.sql", import.meta.url);
const LIMIT = { timeout: 60_000, interval: 100 };

test("the key-encryption key is lost: seats go on, the issuer starts with another one, and machines notice nothing", async () => {
  await using scene = await openScene();
  const { stack, deployment, stores } = scene;
  const region = stack.use(await startRegion(deployment, stores));
  const { issuer, activation } = region.services;
  const { authorities, secrets } = deployment;
  const desk = stack.use(deskIn(region, deployment));
  const sold = await desk.sell(saleOf(2, 45_000, 5_000));
  const { directory, installation } = await unlockIn(region, deployment, sold, "machine");
  const session = stack.use(sessionOf(deployment, installation, region.addresses.seatBrokers));
  const seats = [await seatOf(session)];

  await writeFile(secrets.keyEncryptionKeyFile, randomBytes(32).toString("hex"));
  await expect(issuer.restart()).rejects.toThrow("ISSUER_KEY_ENCRYPTION_KEY_FILE");
  seats.push(await seatOf(session));

  const bundles = () => activation.logs().filter((line) => line.includes("trust bundle changed"));
  const before = bundles().length;
  await inDatabase(stores, "issuer", await readFile(RETIRE, "utf8"));
  await issuer.restart();
  await expect.poll(() => bundles().length, LIMIT).toBeGreaterThan(before);
  const fresh = await refreshInstallation({
    directory,
    activation: region.addresses.activation,
    authorities,
  });
  expect(fresh.certificate).not.toBe(installation.certificate);
  await unlockIn(region, deployment, sold, "another-machine");
  expect(seats.map((seat) => seat.held())).toEqual([true, true]);
}, 300_000);
