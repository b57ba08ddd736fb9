# `backup` and `restore`: a copy of the database with its log, so that any moment since can be had again (docs/KEEPING.md).
# shellcheck shell=bash
#
# A backup is a directory named by its time:
#   base.tar.gz, pg_wal.tar.gz, NUMBER.tar.gz   of pg_basebackup; a number is a tablespace
#   wal/              log from the base on to the moment at which the rows were counted
#   files.tar         attachments
#   manifest          "name value" lines: time, log position, rows of every table at that moment
#   SHA256SUMS, SEAL  of all that; SEAL can only be made by who has the key of the contact data
# The key itself is left out: who steals a backup must not get what opens it. --with-key puts it in.
# The log of a running house goes to DIR/wal from its first backup on: before that nothing could be done with it.

# archive_settings HOME: lines of the cluster's configuration. A segment is in its place whole or not at all; one
# that is there already must be the same.
archive_settings() {
	cat <<-END
		archive_mode = on
		archive_timeout = 60s
		archive_command = 'test ! -e "$1/wal/wanted" || if test -e "$1/wal/%f.gz"; then gzip -dc "$1/wal/%f.gz" | cmp -s - "%p"; else gzip -1 <"%p" >"$1/wal/%f.tmp" && sync "$1/wal/%f.tmp" && mv "$1/wal/%f.tmp" "$1/wal/%f.gz"; fi'
	END
}

super() { psql -qXtA -v ON_ERROR_STOP=1 -h "$(socket_dir "$1")" -U postgres -d hotline "${@:2}"; }

# manifest_value BACKUP NAME
manifest_value() { sed -n "s/^$2 //p" "$1/manifest"; }

# room_needed PATH KILOBYTES WHAT
room_needed() {
	local free
	free=$(df -Pk "$1" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$2" ] || fail "$3 needs about $(($2 / 1024)) MB in $1, where $((free / 1024)) MB are free"
}

# Rows of every table at one moment that has a name in the log: counted_moment SOURCE NAME OUT; prints its log file.
# All tables are quiet for an instant only: the count goes on in a snapshot of then.
counted_moment() {
	local of=$1 name=$2 out=$3 tries=0
	rm -f "$out" "$out.in" "$out.done"
	until super "$of" <<-END 2>"$out.log"
		set lock_timeout = '3s';
		begin;
		select operator_quiet() \g /dev/null
		select pg_export_snapshot() as snapshot \gset
		\setenv SNAPSHOT :snapshot
		\! (psql -qXtA -v ON_ERROR_STOP=1 -F ' ' -h "$(socket_dir "$of")" -U postgres -d hotline -c "begin isolation level repeatable read" -c "set transaction snapshot '\$SNAPSHOT'" -c "\\\\! touch '$out.in'" -c "select 'rows', name, rows from operator_counts()" >"$out.part" && mv "$out.part" "$out"; touch "$out.done") </dev/null & while [ ! -e "$out.in" ] && [ ! -e "$out.done" ]; do sleep 0.02; done
		select pg_walfile_name(pg_create_restore_point('$name'));
		commit;
	END
	do
		tries=$((tries + 1))
		[ $tries -lt 20 ] || fail_with "$out.log" "the tables do not come to rest"
	done
	while [ ! -e "$out.done" ]; do sleep 0.1; done
	[ -e "$out" ] || fail "the rows could not be counted"
	rm -f "$out.in" "$out.done" "$out.log"
}

# Until the log has been archived up to a file: wal_archived SOURCE FILE
wal_archived() {
	local waited=0 home
	home=$(data_home "$1")
	super "$1" -c 'select pg_switch_wal()' >/dev/null
	until [ -e "$home/wal/$2.gz" ]; do
		waited=$((waited + 1))
		[ $waited -lt 600 ] || fail "the log file $2 is not archived: is there room in $home/wal? (log: $1/log/postgres.log)"
		sleep 0.1
	done
}

backup_files() {
	local from=$1 into=$2
	mkdir -p "$from"
	tar -C "$from" --exclude=./new -cf "$into/files.tar" .
}

backup_seal() {
	local dir=$1 key=$2
	(cd "$dir" && find . -type f ! -name SHA256SUMS ! -name SEAL -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS)
	[ ! -f "$key" ] || cat "$key" "$dir/SHA256SUMS" "$key" | sha256sum | cut -c1-64 >"$dir/SEAL"
}

# backup_make SOURCE INTO FILES KEY WITH_KEY
backup_make() {
	local of=$1 into=$2 files=$3 key=$4 with_key=$5 home name dir last segment
	home=$(data_home "$of")
	service_pid "$of" pg >/dev/null || fail "the database is not running: start it with ./hotline run in another terminal"
	[ "$(super "$of" -c 'show archive_mode')" = on ] || fail "the database runs without archiving its log; restart it"
	mkdir -p "$into"
	name=$(date +%Y%m%dT%H%M%S)
	dir=$into/$name
	[ ! -e "$dir" ] && [ ! -e "$dir.part" ] || fail "$dir is there already"
	room_needed "$into" $(($(super "$of" -c 'select sum(pg_database_size(oid)) / 1024 from pg_database' | cut -d. -f1) / 3 +
		$(du -sk "$files" 2>/dev/null | cut -f1 || echo 0))) "the backup"
	as_service touch "$home/wal/wanted"
	# A backup that did not come to its end leaves nothing.
	backup_part=$dir.part
	trap 'rm -rf "$backup_part"' EXIT
	mkdir -m 0700 "$dir.part"
	dir=$dir.part
	step "copying the database"
	"$pg_bin/pg_basebackup" -h "$(socket_dir "$of")" -U postgres -D "$dir/base" -Ft -z -X stream -c fast \
		-l "hotline $name" $([ ! -t 2 ] || echo -P) 2>"$of/log/backup.log" || fail_with "$of/log/backup.log" "the database could not be copied"
	mv "$dir/base/"* "$dir/"
	rmdir "$dir/base"
	step "counting rows"
	last=$(counted_moment "$of" "$name" "$dir/rows")
	wal_archived "$of" "$last"
	mkdir "$dir/wal"
	for segment in "$home"/wal/*.gz; do
		segment=$(basename "$segment")
		[[ $segment < $(base_first "$dir").gz || $segment > $last.gz ]] || cp "$home/wal/$segment" "$dir/wal/"
	done
	step "copying the attachments"
	backup_files "$files" "$dir"
	{
		printf 'name %s\nmade %s\nfirst %s\nlast %s\n' "$name" "$(date '+%F %T %z')" "$(base_first "$dir")" "$last"
		printf 'end %s\nsystem %s\n' "$(super "$of" -c "select extract(epoch from now())")" "$(super "$of" -c 'select system_identifier from pg_control_system()')"
		printf 'files %s\nwal %s\n' "$(tar -tf "$dir/files.tar" | grep -vc '/$' || true)" "$home/wal"
		[ ! -f "$key" ] || printf 'key %s\n' "$(sha256sum <"$key" | cut -c1-16)"
		cat "$dir/rows"
	} >"$dir/manifest"
	rm "$dir/rows"
	[ "$with_key" = no ] || cp "$key" "$dir/contact.key"
	backup_seal "$dir" "$key"
	sync "$dir"/*
	mv "$dir" "${dir%.part}"
	step "backup ${dir%.part} ($(du -sh "${dir%.part}" | cut -f1))"
	[ "$with_key" = yes ] || step "the key $key is not in it: keep a copy of it elsewhere, without it no contact data can be read"
}

# The first log file that a base needs.
base_first() { tar -xzOf "$1/base.tar.gz" backup_label | sed -n 's/^START WAL LOCATION.*(file \([0-9A-F]*\)).*/\1/p'; }

# backup_check BACKUP KEY: whole, unchanged and, where the key is there, made by this house.
backup_check() {
	[ -f "$1/manifest" ] && [ -f "$1/SHA256SUMS" ] || fail "$1 is no backup: it has no manifest"
	(cd "$1" && sha256sum --quiet -c SHA256SUMS >/dev/null 2>&1) || fail "$1 is damaged or was changed: its checksums do not fit"
	[ -z "$(cd "$1" && find . -type f ! -name SHA256SUMS ! -name SEAL | sort | diff -q - <(cut -c67- SHA256SUMS | sort))" ] ||
		fail "$1 was changed: there is a file in it that it was not made with"
	if [ -f "$2" ]; then
		[ "$(cat "$2" "$1/SHA256SUMS" "$2" | sha256sum | cut -c1-64)" = "$(cat "$1/SEAL" 2>/dev/null)" ] ||
			fail "$1 was not made with the key $2, or was changed"
	else
		step "no key to check with who made this backup (--key FILE)"
	fi
}

# The log file after one: wal_next FILE
wal_next() {
	local high=$((16#${1:8:8})) low=$((16#${1:16:8} + 1))
	[ $low -lt 256 ] || { low=0; high=$((high + 1)); }
	printf '%s%08X%08X' "${1:0:8}" $high $low
}

# Log for a restore, in one place that the service can read: wal_gather BACKUP HOME UNTIL
wal_gather() {
	local from=$1 into=$2/wal.restore live at previous=
	mkdir -m 0700 "$into"
	cp "$from"/wal/* "$into/"
	if [ -n "$3" ]; then
		live=$(manifest_value "$from" wal)
		find "$live" -name '*.gz' -exec cp -n {} "$into/" \; 2>/dev/null || true
	fi
	own "$into" "$into"/*
	for at in "$into"/????????????????????????.gz; do
		at=$(basename "$at" .gz)
		[[ ! $at < $(manifest_value "$from" last) ]] || { previous=$at; continue; }
		[ -z "$previous" ] || [ "${at:0:8}" != "${previous:0:8}" ] || [ "$at" = "$(wal_next "$previous")" ] ||
			fail "there is a gap in the log: $(wal_next "$previous") is missing; restore to a time before it"
		previous=$at
	done
}

# restore_unpack BACKUP HOME
restore_unpack() {
	local from=$1 home=$2 space place
	mkdir -m 0700 "$home/pg.new"
	tar -xzf "$from/base.tar.gz" -C "$home/pg.new"
	tar -xzf "$from/pg_wal.tar.gz" -C "$home/pg.new/pg_wal"
	for space in "$from"/[0-9]*.tar.gz; do
		[ -e "$space" ] || continue
		place=$home/space-$(basename "$space" .tar.gz)
		mkdir -m 0700 "$place"
		tar -xzf "$space" -C "$place"
		sed -i "s|^$(basename "$space" .tar.gz) .*|$(basename "$space" .tar.gz) $place|" "$home/pg.new/tablespace_map"
		[ "$(id -u)" -ne 0 ] || chown -R postgres:postgres "$place"
	done
	cp "$from/backup_manifest" "$home/pg.new/" 2>/dev/null || true
	[ "$(id -u)" -ne 0 ] || chown -R postgres:postgres "$home/pg.new"
}

# The cluster up to the moment, then open for writing: restore_run DIR HOME TARGET
restore_run() {
	local dir=$1 home=$2 waited=0
	as_service tee -a "$home/pg.new/postgresql.auto.conf" >/dev/null <<-END
		restore_command = 'gzip -dc "$home/wal.restore/%f.gz" >"%p"'
		$3
		recovery_target_action = 'promote'
	END
	as_service touch "$home/pg.new/recovery.signal"
	rmdir "$home/pg"
	mv "$home/pg.new" "$home/pg"
	pg_settings "$dir" on | as_service tee "$home/pg/hotline.conf" >/dev/null
	as_service "$pg_bin/pg_ctl" start -s -w -t 3600 -D "$home/pg" >>"$dir/log/postgres.log" 2>&1 </dev/null || restore_failed "$dir"
	until [ "$(super "$dir" -c 'select pg_is_in_recovery()' 2>/dev/null)" = f ]; do
		service_pid "$dir" pg >/dev/null || restore_failed "$dir"
		waited=$((waited + 1))
		[ $((waited % 50)) -ne 0 ] || step "still replaying: $(super "$dir" -c 'select pg_last_xact_replay_timestamp()' 2>/dev/null)"
		sleep 0.2
	done
	sed -i '/^restore_command\|^recovery_target/d' "$home/pg/postgresql.auto.conf"
	rm -rf "$home/wal.restore"
}

restore_failed() {
	! grep -q 'recovery ended before configured recovery target' "$1/log/postgres.log" ||
		fail "the log does not reach that time: it ends at $(sed -n 's/.*last completed transaction was at log time //p' "$1/log/postgres.log" | tail -n 1)"
	fail_with "$1/log/postgres.log" "the log could not be replayed"
}

# restore_compare DIR BACKUP: the rows of the manifest.
restore_compare() {
	local differ
	differ=$(diff <(sed -n 's/^rows //p' "$2/manifest" | sort) \
		<(super "$1" -F ' ' -c 'select name, rows from operator_counts()' | sort) || true)
	[ -z "$differ" ] || { printf '%s\n' "$differ" >&2; fail "the rows differ from those of the manifest"; }
	step "the rows of all $(grep -c '^rows ' "$2/manifest") tables are those of the manifest"
}

# restore BACKUP DIR [--until TIME|latest] [--key FILE]
verb_restore() {
	local from=${1:-} dir=${2:-} until='' key=$var/contact.key home target hotlined=${HOTLINED:-$build/hotlined} sockets
	[ $# -ge 2 ] || fail "usage: ./hotline restore BACKUP NEWDIR [--until 'YYYY-MM-DD HH:MM:SS'|latest] [--key FILE]"
	shift 2
	while [ $# -gt 0 ]; do
		case $1 in
			--until) until=${2:?--until needs a time} ;;
			--key) key=${2:?--key needs a file} ;;
			*) fail "restore: unknown option $1" ;;
		esac
		shift 2
	done
	from=$(called_path "$from")
	dir=$(called_path "$dir")
	[ ! -f "$from/contact.key" ] || [ -f "$key" ] || key=$from/contact.key
	backup_check "$from" "$key"
	[ ! -e "$dir/pg" ] && [ ! -e "$dir/files" ] || fail "$dir has a database or attachments already; restore into a new directory"
	target=$(restore_target "$from" "$until") || exit 1
	mkdir -p "$dir"
	restore_into=$dir
	trap restore_undo EXIT
	room_needed "$dir" $(($(du -sk "$from" | cut -f1) * 4)) "restoring"
	make_dirs "$dir"
	home=$(data_home "$dir")
	step "unpacking $(manifest_value "$from" name)"
	restore_unpack "$from" "$home"
	mkdir "$dir/files"
	tar -xf "$from/files.tar" -C "$dir/files"
	wal_gather "$from" "$home" "$until"
	step "replaying the log${until:+ up to $until}"
	restore_run "$dir" "$home" "$target"
	[ -n "$until" ] || restore_compare "$dir" "$from"
	sockets=$(socket_dir "$dir")
	"$hotlined" verify --files --set "database=host=$sockets dbname=hotline user=hotline_owner" \
		--set "files_dir=$dir/files" >"$dir/log/verify.log" 2>&1 || restore_unverified "$dir" "$until"
	step "verified: $(tail -n 1 "$dir/log/verify.log")"
	service_stop "$dir" pg
	rm -rf "$sockets"
	trap - EXIT
	step "restored into $dir (./hotline services start $dir starts it; docs/KEEPING.md tells how it takes over)"
}

# A restore that did not come to its end leaves nothing but its logs.
restore_undo() {
	local home
	home=$(data_home "$restore_into")
	services_delete "$restore_into"
	rm -rf "$home/wal.restore" "$home/pg.new" "$home"/space-* "$restore_into/files"
}

# Attachments are copied after the rows, and a time before or after that may know other ones: said, not hidden.
restore_unverified() {
	grep -E -A1 '^BAD|^ +[0-9]+  faults' "$1/log/verify.log" >&2 || cat "$1/log/verify.log" >&2
	[ -n "$2" ] && [ "$(grep -c '^BAD' "$1/log/verify.log")" = "$(grep -c '^BAD.*stands on the disk' "$1/log/verify.log")" ] ||
		fail "what was restored does not verify (log: $1/log/verify.log)"
	step "attachments that came after the backup are missing: take them from $(dirname "$1") or the running house"
}

# What the recovery is to stop at: settings on standard output, or a refusal.
restore_target() {
	local from=$1 until=$2 seconds
	case $until in
		'') printf "recovery_target_name = '%s'\n" "$(manifest_value "$from" name)" ;;
		latest) ;;
		*)
			seconds=$(TZ=Asia/Shanghai date -d "$until" +%s.%N 2>/dev/null) || fail "--until $until: not a time like '2026-08-01 09:30:00' (Beijing)"
			awk -v a="$seconds" -v b="$(manifest_value "$from" end)" 'BEGIN { exit !(a + 0 >= b + 0) }' ||
				fail "this backup ends at $(TZ=Asia/Shanghai date -d "@$(manifest_value "$from" end)" '+%F %T'): for $until take an earlier one"
			printf "recovery_target_time = '%s'\n" "$(TZ=Asia/Shanghai date -d "$until" '+%F %T.%N %:z')" ;;
	esac
}

# A path as whoever called us means it.
called_path() { (cd "${HOTLINE_CALLED_IN:-.}" && realpath -m "$1"); }

backup_list() {
	local one home last
	[ -n "$(ls -d "$1"/*T*/manifest 2>/dev/null)" ] || { step "no backup in $1"; return; }
	for one in "$1"/*T*/; do
		[ -f "$one/manifest" ] || continue
		printf '%s\t%s\t%s events\t%s\n' "$(basename "$one")" "$(manifest_value "$one" made)" \
			"$(awk '$1 == "rows" && $2 ~ /ticket_event/ { n += $3 } END { print n + 0 }' "$one/manifest")" "$(du -sh "$one" | cut -f1)"
	done
	home=$(data_home "$2")
	last=$(find "$home/wal" -name '????????????????????????.gz' -printf '%TF %TT %f\n' 2>/dev/null | sort | tail -n 1)
	[ -z "$last" ] || step "log archived until ${last%%.*} ($(du -sh "$home/wal" | cut -f1))"
}

# backup_prune DIR SOURCE KEEP: the newest KEEP stay, and the log from the oldest of them on.
backup_prune() {
	local all one home oldest
	[[ $3 =~ ^[1-9][0-9]*$ ]] || fail "how many backups are to stay? ./hotline backup prune 7"
	mapfile -t all < <(ls -d "$1"/*T*/manifest 2>/dev/null | sort -r | xargs -rn1 dirname)
	[ ${#all[@]} -gt 0 ] || fail "no backup in $1"
	for one in "${all[@]:$3}"; do
		rm -rf "$one"
		step "deleted $one"
	done
	oldest=${all[$((${#all[@]} < $3 ? ${#all[@]} - 1 : $3 - 1))]}
	home=$(data_home "$2")
	for one in "$home"/wal/*.gz; do
		[ -e "$one" ] && [[ $(basename "$one") =~ ^[0-9A-F]{24} ]] &&
			[[ ${BASH_REMATCH[0]} < $(manifest_value "$oldest" first) ]] || continue
		rm "$one"
	done
	step "kept ${#all[@]} backups at most $3, and the log from $(manifest_value "$oldest" first) on"
}

# backup [make|list|prune N] [DIR] [--of SERVICES] [--files DIR] [--key FILE] [--with-key]
verb_backup() {
	local what=make keep='' into=$var/backup of=$var files='' key='' with_key=no
	case ${1:-} in
		list) what=list; shift ;;
		prune) what=prune keep=${2:-}; shift $(($# < 2 ? $# : 2)) ;;
	esac
	while [ $# -gt 0 ]; do
		case $1 in
			--of) of=$(called_path "${2:?--of needs a directory}"); shift ;;
			--files) files=$(called_path "${2:?--files needs a directory}"); shift ;;
			--key) key=$(called_path "${2:?--key needs a file}"); shift ;;
			--with-key) with_key=yes ;;
			-*) fail "backup: unknown option $1" ;;
			*) into=$(called_path "$1") ;;
		esac
		shift
	done
	case $what in
		make) backup_make "$of" "$into" "${files:-$of/files}" "${key:-$of/contact.key}" "$with_key" ;;
		list) backup_list "$into" "$of" ;;
		prune) backup_prune "$into" "$of" "$keep" ;;
	esac
}
