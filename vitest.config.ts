import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
    include: [
      "{packages,services,apps}/*/{src,test}/**/*.test.ts",
      "e2e/**/*.test.ts",
      "robustness/**/*.test.ts",
      "security/**/*.test.ts",
      "bench/**/*.test.ts",
      "scripts/**/*.test.ts",
      "deploy/**/*.test.ts",
      "drills/**/*.test.ts",
    ],
    globalSetup: ["packages/testkit/src/vitest-setup.ts"],
    restoreMocks: true,
    // Limits of what is waited for, not expectations: a busy machine takes long.
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
