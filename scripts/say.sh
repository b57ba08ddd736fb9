# How the front door speaks: one line a step, the noise to var/log, the end of the log on failure.
# shellcheck shell=bash

step() { printf '• %s\n' "$*"; }
fail() { printf '✗ %s\n' "$*" >&2; exit 1; }

# quiet LOG "what is done" COMMAND…: the output goes to var/log/LOG.log; on failure its end is shown.
quiet() {
	local log=$var/log/$1.log what=$2
	shift 2
	mkdir -p "$var/log"
	if ! "$@" >"$log" 2>&1 </dev/null; then
		printf '✗ could not %s. The end of %s:\n' "$what" "${log#"$root"/}" >&2
		tail -n 25 "$log" | sed 's/^/    /' >&2
		return 1
	fi
}
