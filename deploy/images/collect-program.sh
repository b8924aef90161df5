#!/bin/sh
# collect-program <name> <folder>: what of the workspace a program needs at run time, and nothing else.
set -eu
name=$1
folder=$2

pnpm --filter "@leasehold/$name" deploy --prod "$folder"
cd "$folder"
# Types, sources beside what was compiled from them, and what pnpm keeps for itself.
find . -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' -o -name '*.tsbuildinfo' \) -delete
rm -rf node_modules/.modules.yaml node_modules/.pnpm-workspace-state* node_modules/.pnpm/lock.yaml
rm -rf pnpm-workspace.yaml pnpm-lock.yaml
rm -rf node_modules/.pnpm/@types+node@*
find . -xtype l -delete
find . -type d -empty -delete
cp /src/LICENSE .
cp "/src/dist/sbom/$name.cdx.json" sbom.cdx.json
find . -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
