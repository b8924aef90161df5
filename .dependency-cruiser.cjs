// The one-way rule of docs/architecture.md, a sentence a rule. Folders match at the top of the
// repository and inside scripts/architecture-canary, which breaks every rule on purpose.
const SERVICE = "(?:^|/)services/([^/]+)/src/";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "domain-knows-only-the-kernel",
      comment:
        "domain/ imports itself, the kernel, license-format, list-query and machine's rules (pure), nothing else",
      severity: "error",
      from: { path: `${SERVICE}domain/`, pathNot: "\\.test\\.ts$" },
      to: {
        pathNot: [
          `${SERVICE}domain/`,
          "(^|/)packages/(kernel|license-format|list-query|machine/src/rules)/",
          "^node:crypto$",
          "^crypto$",
        ],
      },
    },
    {
      name: "use-cases-know-domain-and-ports",
      comment:
        "use-cases/ imports itself, domain, the kernel, license-format, list-query and machine's rules: no protobuf, gRPC, SQL, Redis or process",
      severity: "error",
      from: { path: `${SERVICE}use-cases/`, pathNot: "\\.test\\.ts$" },
      to: {
        pathNot: [
          `${SERVICE}(use-cases|domain)/`,
          "(^|/)packages/(kernel|license-format|list-query|machine/src/rules)/",
          "^node:crypto$",
          "^crypto$",
        ],
      },
    },
    {
      name: "adapters-do-not-know-each-other",
      comment: "rpc/, store/ and clients/ meet in compose.ts only",
      severity: "error",
      from: { path: `${SERVICE}(rpc|store|clients)/`, pathNot: "\\.test\\.ts$" },
      to: { path: `${SERVICE}(rpc|store|clients)/`, pathNot: "(?:^|/)services/$1/src/$2/" },
    },
    {
      name: "nothing-imports-the-composition-root",
      comment: "main.ts imports compose.ts; nobody imports either of them otherwise",
      severity: "error",
      from: { path: SERVICE, pathNot: ["/main\\.ts$", "\\.test\\.ts$"] },
      to: { path: `${SERVICE}(main|compose)\\.ts$` },
    },
    {
      name: "only-rpc-and-clients-speak-the-contract",
      comment: "generated messages stop at rpc/ and clients/; compose.ts binds them",
      severity: "error",
      from: {
        path: SERVICE,
        pathNot: [`${SERVICE}(rpc|clients)/`, `${SERVICE}compose\\.ts$`, "\\.test\\.ts$"],
      },
      to: { path: "(^|/)packages/contracts/" },
    },
    {
      name: "only-store-and-compose-know-the-drivers",
      comment: "pg and ioredis stop at store/; compose.ts connects them",
      severity: "error",
      from: {
        path: ["(^|/)services/", "(^|/)packages/"],
        pathNot: [
          `${SERVICE}store/`,
          `${SERVICE}compose\\.ts$`,
          "(^|/)packages/(store-kit|testkit)/",
          "(^|/)services/[^/]+/test/",
        ],
      },
      to: { path: ["(^|/)node_modules/(pg|ioredis)/", "^(pg|ioredis)$"] },
    },
    {
      name: "a-service-imports-no-service",
      comment: "services meet over gRPC only",
      severity: "error",
      from: { path: "(?:^|/)services/([^/]+)/" },
      to: { path: "(?:^|/)services/([^/]+)/", pathNot: "(?:^|/)services/$1/" },
    },
    {
      name: "a-package-imports-no-service",
      comment: "packages lie beneath services, and beneath e2e",
      severity: "error",
      from: { path: "(^|/)packages/" },
      to: { path: ["(^|/)services/", "(^|/)e2e/"] },
    },
    {
      name: "the-kernel-imports-nothing",
      comment: "the kernel is what all others stand on",
      severity: "error",
      from: { path: "(^|/)packages/kernel/src/", pathNot: "\\.test\\.ts$" },
      to: { pathNot: "(^|/)packages/kernel/src/" },
    },
    {
      name: "list-query-is-pure",
      comment: "what a list is asked for is read without protobuf, gRPC, SQL or a clock",
      severity: "error",
      from: { path: "(^|/)packages/list-query/src/", pathNot: "\\.test\\.ts$" },
      to: { pathNot: ["(^|/)packages/(list-query/src|kernel)/", "^node:crypto$", "^crypto$"] },
    },
    {
      name: "machine-rules-look-at-no-machine",
      comment:
        "what is decided about machines is decided on servers too: from what they told alone",
      severity: "error",
      from: { path: "(^|/)packages/machine/src/rules/" },
      to: { pathNot: "(^|/)packages/machine/src/rules/" },
    },
    {
      name: "clients-know-the-contract-only",
      comment:
        "the SDK and the stories import no service kit: what they need must be in the contract",
      severity: "error",
      from: { path: ["(^|/)packages/(client|rpc-client)/src/", "(^|/)e2e/"] },
      to: { path: "(^|/)packages/(service-kit|store-kit)/" },
    },
    {
      name: "apps-know-the-contract-only",
      comment:
        "what people work with speaks to services as everybody does: client, contracts, license-format, kernel, rpc-client",
      severity: "error",
      from: { path: "(^|/)apps/[^/]+/src/", pathNot: "\\.test\\.ts$" },
      to: {
        path: "(^|/)(packages|services|e2e)/",
        pathNot: "(^|/)packages/(client|contracts|license-format|kernel|rpc-client)/",
      },
    },
    {
      name: "nothing-imports-an-app",
      comment: "apps lie on top",
      severity: "error",
      from: { pathNot: "(^|/)apps/" },
      to: { path: "(^|/)apps/" },
    },
    {
      name: "production-starts-nothing-and-compiles-nothing",
      comment:
        "no process, worker, sandbox or inspector; the one exception asks systemd-detect-virt, with fixed arguments and no shell",
      severity: "error",
      from: {
        path: "(^|/)(packages|services|apps)/[^/]+/src/",
        pathNot: [
          "(^|/)packages/(testkit|dev-cluster|dev-provider)/",
          "(^|/)packages/machine/src/this-machine\\.ts$",
          "\\.test\\.ts$",
        ],
      },
      to: {
        path: "^(node:)?(child_process|cluster|inspector|inspector/promises|repl|vm|wasi|worker_threads)$",
      },
    },
    {
      name: "no-cycles",
      comment: "a cycle has no bottom to begin reading at",
      severity: "error",
      from: { pathNot: "/gen/" },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["/dist/", "^node_modules"] },
    parser: "tsc",
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["source", "import", "node", "default"],
      extensions: [".ts", ".js"],
    },
  },
};
