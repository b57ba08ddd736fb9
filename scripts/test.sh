# `test` and `bench`: each layer's own runner counts; the last line adds up what they say.
# shellcheck shell=bash

layers=(house unit fuzz services sql web wire browser faults random)
asan=$root/build/asan

# A private PostgreSQL and Redis for one layer, gone when the layer ends.
layer_services() {
	test_dir=$var/test-$1
	services_delete "$test_dir"
	services_start "$test_dir" off >/dev/null
	while IFS='=' read -r name value; do
		export "$name=$value"
	done < <(services_conninfo "$test_dir")
}

# In the environment the settings of these services would overrule those of the next layer's servers.
layer_settings_end() {
	local name
	while IFS='=' read -r name _; do
		unset "$name"
	done < <(services_conninfo "$test_dir")
}

layer_services_end() {
	[ -n "${test_dir:-}" ] || return 0
	layer_settings_end
	services_delete "$test_dir"
	test_dir=
}

# A cluster with the demo's database, stopped, made once for this state of sql/: each file of tests that starts a
# server begins with a copy of it. What migrates it is what every run migrates with.
test_template() {
	local dir=$var/test-template digest
	digest=$(find sql -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
	if [ "$(cat "$dir/digest" 2>/dev/null)" != "$digest" ]; then
		step "filling a database for the tests"
		rm -f "$dir/digest"
		layer_services template
		HOTLINE_SQL_DIR=$root/sql quiet template "fill the tests' database" "$asan/hotlined" migrate --demo || exit 1
		services_stop "$test_dir"
		layer_settings_end
		test_dir=
		printf '%s\n' "$digest" >"$dir/digest"
	fi
	HOTLINE_TEST_TEMPLATE=$(data_home "$dir")/pg
	export HOTLINE_TEST_TEMPLATE
}

# The number that a runner's summary gives for a pattern with one group; 0 when it gives none.
counted() {
	local number
	number=$(sed -nE "s/$1/\\1/p" "$log" | tail -n 1)
	printf '%s' "${number:-0}"
}

# layer_ctest LABEL
layer_ctest() {
	ctest --test-dir "$asan" -L "^$1\$" --output-on-failure -j 2 >"$log" 2>&1 || code=$?
	failed=$(counted '.* ([0-9]+) tests? failed out of [0-9]+.*')
	passed=$(($(counted '.* tests? failed out of ([0-9]+).*') - failed))
}

layer_unit() { layer_ctest unit; }
layer_fuzz() { layer_ctest fuzz; }

layer_services_tests() {
	layer_services services
	layer_ctest services
	layer_services_end
}

# Each tests/sql/*.sql runs on a freshly migrated database and raises when something is wrong.
layer_sql() {
	local file
	layer_services sql
	: >"$log"
	if ! HOTLINE_SQL_DIR=$root/sql "$asan/hotlined" migrate --demo >>"$log" 2>&1; then
		code=1 failed=1
	else
		for file in tests/sql/*.sql; do
			echo "== $file" >>"$log"
			if psql -qX -v ON_ERROR_STOP=1 -f "$file" "$HOTLINE_DATABASE_OWNER" >>"$log" 2>&1; then
				passed=$((passed + 1))
			else
				failed=$((failed + 1))
			fi
		done
	fi
	layer_services_end
}

layer_web() {
	local kind
	NO_COLOR=1 npm --prefix web-agent test >"$log" 2>&1 || code=$?
	passed=$(counted '^ *Tests .*[^0-9]([0-9]+) passed.*')
	failed=$(counted '^ *Tests .*[^0-9]([0-9]+) failed.*')
	for kind in lint types; do
		echo "== $kind" >>"$log"
		case $kind in
			lint) npm --prefix web-agent run lint >>"$log" 2>&1 && continue ;;
			types) (cd web-agent && npx --no-install vue-tsc --noEmit) >>"$log" 2>&1 && continue ;;
		esac
		echo "$kind: failed" >>"$log"
		failed=$((failed + 1))
	done
}

# layer_node LAYER [AT_ONCE]: tests/LAYER/*.test.js; they start what they need through tests/support.
layer_node() {
	local files
	mapfile -t files < <(find "tests/$1" -name '*.test.*js' 2>/dev/null | sort)
	if [ ${#files[@]} -eq 0 ]; then
		echo "no tests/$1/*.test.js" >"$log"
		return
	fi
	NO_COLOR=1 HOTLINED=${HOTLINED:-$asan/hotlined} node --test --test-concurrency="${2:-1}" \
		--test-reporter=spec "${files[@]}" >"$log" 2>&1 </dev/null || code=$?
	passed=$(counted '^ℹ pass ([0-9]+).*')
	failed=$(($(counted '^ℹ fail ([0-9]+).*') + $(counted '^ℹ cancelled ([0-9]+).*') + $(counted '^ℹ skipped ([0-9]+).*')))
}

layer_house() { layer_node house; }
layer_wire() { layer_node wire 2; }
layer_browser() { layer_node browser 2; }
layer_faults() { layer_node faults; }
# The server as people run it: this layer is about the law, and more tickets say more.
# HOTLINE_RANDOM_TICKETS=20000 walks twice as many as by default.
layer_random() { HOTLINED=${HOTLINED:-$build/hotlined} layer_node random; }

# Run one layer and note its line. A runner that fails without counting, and a layer in which
# nothing was run, count as one failure: silence is no success.
layer_run() {
	local layer=$1 passed=0 failed=0 code=0 log=$var/log/test-$1.log began=$SECONDS
	local function=layer_$layer
	[ "$layer" != services ] || function=layer_services_tests
	step "testing: $layer"
	"$function"
	if [ "$failed" -eq 0 ] && { [ "$code" -ne 0 ] || [ "$passed" -eq 0 ]; }; then
		failed=1
	fi
	if [ "$failed" -ne 0 ]; then
		printf '  the end of %s:\n' "${log#"$root"/}"
		tail -n 40 "$log" | sed 's/^/    /'
	fi
	summary+=("$(printf '  %-9s %4d passed, %d failed (%d s)' "$layer" "$passed" "$failed" $((SECONDS - began)))")
	total_passed=$((total_passed + passed))
	total_failed=$((total_failed + failed))
}

# Whether a word is among others: wants WORD OTHERS…
wants() {
	local layer
	for layer in "${@:2}"; do [ "$layer" != "$1" ] || return 0; done
	return 1
}

# Only what the chosen layers need is installed and built.
test_prepare() {
	local layer
	need_packages "${packages_build[@]}" "${packages_run[@]}" "${packages_test[@]}"
	configure asan
	step "building with sanitizers"
	quiet build-asan "build with sanitizers" cmake --build "$asan" --target tests || exit 1
	! wants random "$@" || build_server
	for layer in house web wire browser faults random; do
		wants "$layer" "$@" || continue
		need_node
		case $layer in
			web) need_modules web-agent ;;
			browser) need_modules tests; build_console ;;
			wire | faults | random) need_modules tests ;;
		esac
	done
}

verb_test() {
	local layer chosen=("$@") summary=() total_passed=0 total_failed=0
	[ $# -gt 0 ] || chosen=("${layers[@]}")
	for layer in "${chosen[@]}"; do
		wants "$layer" "${layers[@]}" || fail "there is no layer '$layer'; there are: ${layers[*]}"
	done
	mkdir -p "$var/log"
	test_prepare "${chosen[@]}"
	trap layer_services_end EXIT
	trap 'exit 130' INT TERM
	for layer in wire browser faults random; do
		! wants "$layer" "${chosen[@]}" || { test_template; break; }
	done
	for layer in "${chosen[@]}"; do
		layer_run "$layer"
	done
	printf '%s\n' "${summary[@]}"
	printf '%d passed, %d failed\n' "$total_passed" "$total_failed"
	[ "$total_failed" -eq 0 ]
}

# Petitions with known incidents, replayed by time through the code of early warning; nothing else runs.
bench_warning() {
	[ $# -ge 2 ] || fail "which files? ./hotline bench warning [--list] STREAM.csv INCIDENTS.csv"
	local list=()
	[ "$1" != --list ] || { list=(--list); shift; }
	quiet build-replay "build the replay" cmake --build "$build" --target warning_replay || exit 1
	"$build/warning_replay" "${list[@]}" "$root/sql/seed/time_limit.csv" "$@"
}

verb_bench() {
	need_packages "${packages_build[@]}" "${packages_run[@]}"
	need_node
	build_server
	if [ "${1:-}" = warning ]; then
		bench_warning "${@:2}"
		return
	fi
	quiet build-load "build the load client" cmake --build "$build" --target hotline_load duplicate_scan || exit 1
	need_modules tests
	node "$root/tests/load/bench.mjs" "$@"
}
