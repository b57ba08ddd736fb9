# A private PostgreSQL and Redis that live in a directory: DIR/pg, DIR/redis and DIR/log.
# shellcheck shell=bash
#
# Neither listens on a port: both have a socket in a short directory of their own under /run (root)
# or /tmp, for a socket's path may not be longer than 107 bytes, and that directory is closed to
# everybody but its owner and root, which is why PostgreSQL can trust who gets in.
#
# PostgreSQL refuses to run as root, so with root both run as user postgres. That user cannot reach
# a checkout under /root or another closed directory: then the data lies in /var/lib/hotline12345
# and DIR/pg and DIR/redis are links to it.

pg_bin=/usr/lib/postgresql/15/bin

short_hash() { printf '%s' "$1" | sha256sum | cut -c1-12; }

socket_dir() {
	if [ "$(id -u)" -eq 0 ]; then
		printf '/run/hotline12345/%s' "$(short_hash "$1")"
	else
		printf '/tmp/hotline12345-%s-%s' "$(id -u)" "$(short_hash "$1")"
	fi
}

# Run a command as the user the services belong to, from a directory that this user can enter.
# Closes the descriptor of run's lock, which a service that lives on must not keep.
as_service() {
	if [ "$(id -u)" -eq 0 ]; then
		(cd / && exec setpriv --reuid=postgres --regid=postgres --init-groups "$@") 9>&-
	else
		(cd / && exec "$@") 9>&-
	fi
}

own() { [ "$(id -u)" -ne 0 ] || chown postgres:postgres "$@"; }

# The directory that holds pg/ and redis/ of DIR.
data_home() {
	local home=$1
	[ ! -d "$1" ] || as_service test -x "$1" || home=/var/lib/hotline12345/$(short_hash "$1")
	printf '%s' "$home"
}

make_dirs() {
	local dir=$1 home sockets name
	mkdir -p "$dir/log"
	home=$(data_home "$dir")
	sockets=$(socket_dir "$dir")
	mkdir -p "$home" "$(dirname "$sockets")"
	mkdir -m 0700 "$sockets" 2>/dev/null || [ -d "$sockets" ] || fail "cannot create $sockets"
	own "$sockets"
	[ "$(id -u)" -eq 0 ] || [ -O "$sockets" ] || fail "$sockets belongs to somebody else; remove it"
	for name in pg redis wal; do
		# Elsewhere, data that no link leads to belongs to a directory that was deleted.
		[ "$home" = "$dir" ] || [ -L "$dir/$name" ] || rm -rf "${home:?}/$name"
		mkdir -p "$home/$name"
		chmod 0700 "$home/$name"
		own "$home/$name"
		[ "$home" != "$dir" ] || continue
		[ -L "$dir/$name" ] || [ ! -e "$dir/$name" ] ||
			fail "user postgres can no longer reach $dir/$name; make its parents passable (chmod o+x)"
		ln -sfn "$home/$name" "$dir/$name"
	done
}

# service_pid DIR pg|redis: the process of that service, nothing when it does not run. A pid file
# may be older than the machine's last start, so the process must also work in our data directory.
service_pid() {
	local dir=$1 file=$1/$2/$2.pid pid=
	[ "$2" != pg ] || file=$1/pg/postmaster.pid
	[ -f "$file" ] && read -r pid <"$file" || return 1
	[ "$(readlink "/proc/$pid/cwd")" = "$(readlink -f "$dir/$2")" ] || return 1
	printf '%s' "$pid"
}

services_running() { service_pid "$1" pg >/dev/null && service_pid "$1" redis >/dev/null; }

# pg_settings DIR FSYNC
pg_settings() {
	local memory buffers
	memory=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
	buffers=$((memory / 4 < 512 ? memory / 4 : 512))
	cat <<-END
		# Written by ./hotline at every start; own settings belong into postgresql.auto.conf (ALTER SYSTEM).
		listen_addresses = ''
		unix_socket_directories = '$(socket_dir "$1")'
		max_connections = 50
		shared_buffers = ${buffers}MB
		max_wal_size = 2GB
		wal_compression = on
		synchronous_commit = on
		fsync = $2
		random_page_cost = 1.1
		timezone = 'Asia/Shanghai'
		log_timezone = 'Asia/Shanghai'
		log_line_prefix = '%m [%p] %q%u@%d '
	END
	# Tests that make no backup are spared it.
	[ "$2" = off ] && [ -z "${HOTLINE_WAL_ARCHIVE:-}" ] || archive_settings "$(data_home "$1")"
}

# pg_create DIR HOME FSYNC
pg_create() {
	local dir=$1 home=$2 sync=()
	[ "$3" = on ] || sync=(--no-sync)
	[ ! -f "$home/pg/PG_VERSION" ] || return 0
	step "creating a PostgreSQL cluster in ${dir#"$root"/}/pg"
	rm -rf "$home/pg.new"
	mkdir -m 0700 "$home/pg.new"
	own "$home/pg.new"
	# Tests copy a cluster that `./hotline test` has filled once (scripts/test.sh).
	if [ -n "${HOTLINE_TEST_TEMPLATE:-}" ]; then
		as_service cp -a "$HOTLINE_TEST_TEMPLATE/." "$home/pg.new" || fail "the tests' cluster cannot be copied"
		rmdir "$home/pg"
		mv "$home/pg.new" "$home/pg"
		return
	fi
	as_service "$pg_bin/initdb" -D "$home/pg.new" --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
		"${sync[@]}" --auth-local=trust --auth-host=reject >"$dir/log/initdb.log" 2>&1 ||
		fail_with "$dir/log/initdb.log" "initdb failed"
	as_service tee -a "$home/pg.new/postgresql.conf" <<<"include 'hotline.conf'" >/dev/null
	rmdir "$home/pg"
	mv "$home/pg.new" "$home/pg"
}

fail_with() {
	tail -n 25 "$1" | sed 's/^/    /' >&2
	fail "$2 (log: $1)"
}

# pg_start DIR FSYNC
pg_start() {
	local dir=$1 home
	home=$(data_home "$dir")
	! service_pid "$dir" pg >/dev/null || return 0
	pg_create "$dir" "$home" "$2"
	rm -f "$home/pg/postmaster.pid"
	pg_settings "$dir" "$2" | as_service tee "$home/pg/hotline.conf" >/dev/null
	as_service "$pg_bin/pg_ctl" start -s -w -t 60 -D "$home/pg" >>"$dir/log/postgres.log" 2>&1 </dev/null ||
		fail_with "$dir/log/postgres.log" "PostgreSQL does not start"
	started+=(pg)
}

redis_start() {
	local dir=$1 home sockets waited=0
	home=$(data_home "$dir")
	sockets=$(socket_dir "$dir")
	! service_pid "$dir" redis >/dev/null || return 0
	rm -f "$home/redis/redis.pid"
	as_service tee "$home/redis/redis.conf" >/dev/null <<-END
		port 0
		unixsocket $sockets/redis.sock
		unixsocketperm 700
		dir $home/redis
		pidfile $home/redis/redis.pid
		appendonly yes
		appendfsync everysec
		save ""
		maxmemory-policy noeviction
	END
	as_service setsid --fork redis-server "$home/redis/redis.conf" >>"$dir/log/redis.log" 2>&1 </dev/null
	until redis-cli -s "$sockets/redis.sock" ping 2>/dev/null | grep -q PONG; do
		waited=$((waited + 1))
		[ $waited -lt 300 ] || fail_with "$dir/log/redis.log" "Redis does not start"
		sleep 0.1
	done
	started+=(redis)
}

# The roles and the database, once.
pg_prepare() {
	local sockets
	sockets=$(socket_dir "$1")
	psql -qX -v ON_ERROR_STOP=1 -h "$sockets" -U postgres -d postgres >>"$1/log/postgres.log" 2>&1 <<-'END' ||
		select format('create role %I login', name)
		from unnest(array['hotline_owner', 'hotline_server']) as name
		where not exists (select from pg_roles where rolname = name) \gexec
		select format('create database %I owner hotline_owner encoding ''UTF8'' locale ''C.UTF-8'' template template0', name)
		from unnest(array['hotline', 'hotline_test']) as name
		where not exists (select from pg_database where datname = name) \gexec
	END
		fail_with "$1/log/postgres.log" "the database cannot be created"
}

# services_start DIR [FSYNC]: start both, or use those that run; `started` then names the ones started
# here. FSYNC off is for data that may be lost with the machine, not with a process: the tests' own.
services_start() {
	started=()
	make_dirs "$1"
	pg_start "$1" "${2:-on}"
	redis_start "$1"
	pg_prepare "$1"
}

service_stop() {
	local dir=$1 name=$2 pid waited=0
	pid=$(service_pid "$dir" "$name") || return 0
	# SIGINT is PostgreSQL's fast stop; SIGTERM would wait for its clients.
	if [ "$name" = pg ]; then kill -INT "$pid"; else kill -TERM "$pid"; fi
	while [ -d "/proc/$pid" ] && service_pid "$dir" "$name" >/dev/null; do
		waited=$((waited + 1))
		[ $waited -lt 600 ] || fail "$name (process $pid) does not stop; see $dir/log"
		sleep 0.1
	done
}

services_stop() {
	service_stop "$1" redis
	service_stop "$1" pg
	rm -rf "$(socket_dir "$1")"
}

services_delete() {
	services_stop "$1"
	local home
	home=$(data_home "$1")
	rm -rf "$home/pg" "$home/redis" "$home/wal" "$1/pg" "$1/redis" "$1/wal"
	[ "$home" = "$1" ] || rmdir "$home" 2>/dev/null || true
}

# NAME=value lines: what a program needs to connect, named as hotlined's settings in the environment.
services_conninfo() {
	local sockets
	sockets=$(socket_dir "$1")
	cat <<-END
		HOTLINE_DATABASE=host=$sockets dbname=hotline user=hotline_server
		HOTLINE_DATABASE_OWNER=host=$sockets dbname=hotline user=hotline_owner
		HOTLINE_REDIS_SOCKET=$sockets/redis.sock
		HOTLINE_TEST_SUPERUSER=host=$sockets dbname=postgres user=postgres
		HOTLINE_TEST_DATABASE=host=$sockets dbname=hotline_test user=hotline_owner
		HOTLINE_TEST_REDIS=$sockets/redis.sock
	END
}
