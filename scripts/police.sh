# `police`: plays the police platform by hand, for a server started with `./hotline run --police` (docs/POLICE.md).
# shellcheck shell=bash

verb_police() {
	[ -f "$var/police.key" ] && [ -f "$var/hotline.conf" ] || fail "start the hotline first: ./hotline run --police"
	need_node
	POLICE_SECRET=$(cat "$var/police.key") POLICE_HOTLINE=http://$(setting host):$(setting port) \
		node "$root/tests/support/police_play.mjs" "$@"
}
