# `call NUMBER`: plays the telephone switch for one call, step by step, through /switch (docs/SWITCH.md).
# shellcheck shell=bash

setting() { sed -n "s/^$1 *= *//p" "$var/hotline.conf"; }
say() { printf '%s %s\n' "$(TZ=Asia/Shanghai date +%T)" "$*"; }

# switch METHOD PATH [BODY]: the reply's body; the key stays out of the process list.
switch() {
	curl -sS -X "$1" --max-time 30 -H @<(printf 'Authorization: Bearer %s' "$(cat "$var/switch.key")") \
		${3:+-H 'Content-Type: application/json' -d "$3"} \
		-w '\n%{http_code}' "http://$(setting host):$(setting port)/switch/calls$2"
}

# ask_switch METHOD PATH [BODY]: the same, where anything but success ends the call.
ask_switch() {
	local reply
	reply=$(switch "$@") || fail "the server does not answer: is ./hotline run up?"
	[ "${reply##*$'\n'}" -lt 300 ] || fail "the server refuses: $reply"
	printf '%s' "${reply%$'\n'*}"
}

# field NAME JSON: a flat text or number field; nothing when it is null.
field() { sed -n "s/.*\"$1\" *: *\"\\{0,1\\}\\([^\",}]*\\)\"\\{0,1\\}.*/\\1/p" <<<"$2" | sed 's/^null$//'; }

call_end() {
	trap - INT TERM
	ask_switch POST "/$call/hungup" '{"by":"caller"}' >/dev/null
	say "来电人挂断"
	exit 0
}

# What the state of the call means for the one who waits on the line.
call_tell() {
	case $1 in
		waiting) say "排队等候，尚无空闲坐席" ;;
		ringing) say "正在振铃：分机 $2" ;;
		answering)
			say "分机 $2 接听，正在接通"
			ask_switch POST "/$call/answered" "{\"extension\":\"$2\"}" >/dev/null ;;
		talking) say "通话中（分机 $2）" ;;
		ended) say "通话结束"; exit 0 ;;
	esac
}

verb_call() {
	local number=${1:-} limit='' state='' extension='' known='' reply talking_since=
	[[ $number =~ ^[0-9+-]{3,20}$ ]] || fail "which number calls? ./hotline call 13800000000 [--hangup-after SECONDS]"
	shift
	if [ "${1:-}" = --hangup-after ]; then
		limit=${2:?--hangup-after needs seconds}
		shift 2
	fi
	[ $# -eq 0 ] || fail "call: unknown option $1"
	[ -f "$var/hotline.conf" ] || fail "start the hotline first: ./hotline run"
	call=$(cat /proc/sys/kernel/random/uuid)
	ask_switch POST "" "{\"call\":\"$call\",\"caller\":\"$number\",\"called\":\"12345\"}" >/dev/null
	say "$number 拨打 12345（回车或 Ctrl-C 挂断）"
	trap call_end INT TERM
	while true; do
		reply=$(ask_switch GET "/$call?wait=1000&state=$state")
		state=$(field state "$reply")
		extension=$(field extension "$reply")
		if [ "$state $extension" != "$known" ]; then
			known="$state $extension"
			call_tell "$state" "$extension"
			[ "$state" != talking ] || talking_since=$SECONDS
		fi
		[ -z "$limit" ] || [ -z "$talking_since" ] || [ $((SECONDS - talking_since)) -lt "$limit" ] || call_end
		[ ! -t 0 ] || ! read -r -t 0.01 || call_end
	done
}
