#!/usr/bin/env bash
# Makes every generated file: generate.sh BUILD TARGET, programs from BUILD, files into TARGET's tree.
set -euo pipefail
build=$1 target=$2

# The file changes only when all of it could be made.
make() {
	local file=$target/$1
	shift
	"$@" >"$file.new" || { rm -f "$file.new"; exit 1; }
	mv "$file.new" "$file"
}

make sql/functions/flow.sql "$build/generate" flow-sql
make web-agent/src/generated/flow.ts "$build/generate" flow-ts
make docs/FLOW.md "$build/generate" flow-md
make sql/functions/case_flow.sql "$build/generate" case-sql
make web-agent/src/generated/case_flow.ts "$build/generate" case-ts
make docs/CASE_FLOW.md "$build/generate" case-md
make docs/COMMANDS.md "$build/hotlined" commands --markdown
make web-agent/src/generated/commands.ts "$build/hotlined" commands --typescript
