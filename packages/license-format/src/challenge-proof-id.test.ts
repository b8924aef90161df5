import { expect, test } from "vitest";
import { challengeProofId } from "./index.ts";

const CHALLENGE = new Uint8Array(57).fill(7);

test("the id of a proof is what the contract says: SHA-256 over label, method and challenge", () => {
  expect(challengeProofId("Unlock", CHALLENGE)).toBe("IYoL6S7NelpcLNURFXzyRXEOtxWj33EP7eDGqNKgPFI");
});

test("another method or another challenge makes another id", () => {
  const ids = [
    challengeProofId("Unlock", CHALLENGE),
    challengeProofId("TransferInstallation", CHALLENGE),
    challengeProofId("Unlock", CHALLENGE.slice(1)),
  ];
  expect(new Set(ids).size).toBe(3);
});
