# `run`: everything from a bare checkout to a served console, in the foreground; and `stop`.
# shellcheck shell=bash

lock=$var/run.lock       # held by a live run; its pid stands inside

demo_password=hotline12345

make_secrets() {
	[ -f "$var/contact.key" ] ||
		quiet key "make the key of the contact data" "$build/hotlined" key "$var/contact.key" || exit 1
	local name
	for name in switch sms police; do
		[ -f "$var/$name.key" ] ||
			(umask 077 && od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$var/$name.key")
	done
}

# write_conf HOST PORT [POLICE_URL]
write_conf() {
	local sockets
	sockets=$(socket_dir "$var")
	cat >"$var/hotline.conf" <<-END
		# Written by ./hotline run at every start. All settings: build/release/hotlined settings
		host = $1
		port = $2
		database = host=$sockets dbname=hotline user=hotline_server
		database_owner = host=$sockets dbname=hotline user=hotline_owner
		redis_socket = $sockets/redis.sock
		key_file = $var/contact.key
		files_dir = $var/files
		sql_dir = $root/sql
		static_dir = $root/web-agent/dist
		public_url = http://$1:$2/public
		${3:+police_url = $3}
	END
}

port_is_free() { ! (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

# Two demo logins of each role; what the roles are called stands in terms.def.
show_logins() {
	awk -F, '
		FNR == 1 { file++ }
		file == 1 && /^ROLE\(/ { split($1, bit, "("); split($3, term, "\""); role[bit[2]] = term[2] }
		file == 2 && FNR > 1 && shown[$3]++ < 2 { printf "    %-12s %s %s\n", $1, role[$3], $2 }
	' "$root/routing/terms.def" "$root/sql/seed/demo_account.csv"
}

# The end of a run: what it started, in the order that loses nothing.
run_end() {
	trap '' INT TERM HUP
	local name
	if [ -n "${server:-}" ] && kill -0 "$server" 2>/dev/null; then
		step "stopping the server"
		kill -TERM "$server"
		wait "$server" || true
	fi
	for name in redis pg; do
		case " ${started[*]:-} " in
			*" $name "*) step "stopping $name"; service_stop "$var" "$name" ;;
		esac
	done
	: >"$lock"
}

# await_server ADDRESS: until /healthz answers; the server's end or half a minute is a failure.
await_server() {
	local waited=0
	until curl -fsS -o /dev/null --max-time 2 "http://$1/healthz" 2>/dev/null; do
		waited=$((waited + 1))
		if ! kill -0 "$server" 2>/dev/null || [ $waited -ge 300 ]; then
			fail_with "$var/log/hotlined.log" "the server does not come up"
		fi
		sleep 0.1
	done
}

serve() {
	local host=$1 port=$2 code=0
	# Should this script be killed, the kernel ends the server, and its port is free again.
	HOTLINE_SWITCH_KEY=$(cat "$var/switch.key") HOTLINE_SMS_KEY=$(cat "$var/sms.key") \
		HOTLINE_POLICE_KEYS=${police_url:+demo:$(cat "$var/police.key")} setpriv --pdeathsig TERM \
		"$build/hotlined" serve --config "$var/hotline.conf" >>"$var/log/hotlined.log" 2>&1 </dev/null 9>&- &
	server=$!
	await_server "$host:$port"
	step "the hotline serves http://$host:$port/ — Ctrl-C ends it"
	step "demo logins, all with the password $demo_password (all of them: sql/seed/demo_account.csv):"
	show_logins
	step "a caller: ./hotline call 13800000000"
	if [ -n "$police_url" ]; then
		step "the police platform: ./hotline police listen (and ./hotline police push)"
	else
		step "no police platform: transfers to 110 are made by telephone (./hotline run --police)"
	fi
	wait "$server" || code=$?
	# A signal to us also ends the wait; then the server is still there and run_end() stops it.
	kill -0 "$server" 2>/dev/null || fail_with "$var/log/hotlined.log" "the server has ended (code $code)"
}

verb_run() {
	local host=127.0.0.1 port=12345 police_url=
	while [ $# -gt 0 ]; do
		case $1 in
			--police) police_url=http://127.0.0.1:11000/police/v1; shift; continue ;;
			--port) port=${2:?--port needs a number} ;;
			--host) host=${2:?--host needs an address} ;;
			*) fail "run: unknown option $1 (there are --port N, --host ADDRESS and --police)" ;;
		esac
		shift 2
	done
	mkdir -p "$var/log"
	exec 9>>"$lock"
	flock -n 9 || fail "it runs already (process $(cat "$lock"), settings in var/hotline.conf); end it with ./hotline stop"
	printf '%s\n' $$ >"$lock"
	need_packages "${packages_build[@]}" "${packages_run[@]}"
	need_node
	port_is_free "$host" "$port" ||
		fail "port $port of $host is taken by another program; choose one: ./hotline run --port 12346"
	build_server
	build_console
	started=() server=
	trap run_end EXIT
	trap 'exit 0' INT TERM HUP
	services_start "$var"
	if [ ${#started[@]} -eq 2 ]; then
		step "PostgreSQL and Redis are up"
	else
		step "PostgreSQL or Redis ran already and will go on after this run; ./hotline stop ends them"
	fi
	make_secrets
	write_conf "$host" "$port" "$police_url"
	quiet migrate "bring the database up to date" \
		"$build/hotlined" migrate --config "$var/hotline.conf" --demo || exit 1
	step "the database is up to date"
	serve "$host" "$port"
}

verb_stop() {
	mkdir -p "$var"
	local pid waited=0
	pid=$(cat "$lock" 2>/dev/null || true)
	if [ -n "$pid" ] && ! flock -n "$lock" true; then
		step "ending the run (process $pid)"
		kill -TERM "$pid"
		until flock -n "$lock" true; do
			waited=$((waited + 1))
			[ $waited -lt 900 ] || fail "process $pid does not end; see var/log/"
			sleep 0.1
		done
	fi
	if service_pid "$var" pg >/dev/null || service_pid "$var" redis >/dev/null; then
		services_stop "$var"
		step "PostgreSQL and Redis are stopped"
	fi
	step "nothing runs"
}
