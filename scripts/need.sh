# What the machine must have, and the two builds: hotlined and the web console.
# shellcheck shell=bash

build=$root/build/release

# The only list of Debian packages.
packages_build=(gcc libc6-dev cmake ninja-build pkg-config libwebsockets-dev libwebsockets-evlib-uv
	libuv1-dev libpq-dev libhiredis-dev uuid-dev libjansson-dev libsodium-dev libssl-dev
	libcurl4-openssl-dev libxlsxwriter-dev)
packages_run=(postgresql-15 redis-server redis-tools curl ca-certificates)
packages_test=(libcmocka-dev chromium fonts-noto-cjk libfaketime poppler-utils)

# Install what is missing of the named packages; costs one dpkg-query when nothing is.
need_packages() {
	local missing=() package
	local installed
	installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
	for package in "$@"; do
		grep -qx "$package installed" <<<"$installed" || missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	if [ "$(id -u)" -ne 0 ]; then
		fail "missing Debian packages; please run: sudo apt-get install ${missing[*]}"
	fi
	step "installing Debian packages: ${missing[*]}"
	quiet apt "update the package lists (is the network there?)" \
		apt-get -o DPkg::Lock::Timeout=300 update || exit 1
	quiet apt "install packages" env DEBIAN_FRONTEND=noninteractive \
		apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}" || exit 1
}

node_fits() {
	command -v node >/dev/null && command -v npm >/dev/null &&
		node -e 'const [a, b] = process.versions.node.split(".").map(Number);
			process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}

# Node.js 20.19 or newer builds the console. Debian 12 has 18: enough to fetch a newer one, as an
# npm package, into var/node; nothing outside this checkout is changed by that.
need_node() {
	[ ! -d "$var/node/node_modules/.bin" ] || PATH=$var/node/node_modules/.bin:$PATH
	! node_fits || return 0
	command -v npm >/dev/null || need_packages nodejs npm
	local arch
	case $(uname -m) in
		x86_64) arch=x64 ;;
		aarch64) arch=arm64 ;;
		*) fail "the console needs Node.js 20.19 or newer on the PATH (found: $(node --version 2>/dev/null || echo none))" ;;
	esac
	step "fetching Node.js 22 into var/node ($(node --version) is too old for the console)"
	mkdir -p "$var/node/node_modules/.bin"
	quiet node "fetch Node.js; install Node.js 20.19 or newer yourself and run again" \
		npm install --prefix "$var/node" --no-audit --no-fund "node-linux-$arch@22" npm@10 || exit 1
	ln -sf "../node-linux-$arch/bin/node" "$var/node/node_modules/.bin/node"
	PATH=$var/node/node_modules/.bin:$PATH
	hash -r
	node_fits || fail "the Node.js in var/node does not run; install Node.js 20.19 or newer yourself"
}

# configure KIND: release or asan, in build/KIND.
configure() {
	local options=()
	case $1 in
		release) options=(-DCMAKE_BUILD_TYPE=RelWithDebInfo) ;;
		asan) options=(-DCMAKE_BUILD_TYPE=Debug -DHOTLINE_SANITIZE=ON -DHOTLINE_WERROR=ON) ;;
	esac
	[ -f "$root/build/$1/build.ninja" ] ||
		quiet "configure-$1" "configure the build" \
			cmake -S "$root" -B "$root/build/$1" -G Ninja "${options[@]}" || exit 1
}

build_server() {
	configure release
	quiet build "build hotlined" cmake --build "$build" --target hotlined generate || exit 1
	step "server is built"
}

# The digest of everything that goes into the console.
console_inputs() {
	(cd "$root/web-agent" && { find . \( -name node_modules -o -name dist \) -prune -o -type f -print0 |
		sort -z; printf '../docs/openapi.json\0'; } | xargs -0 sha256sum | sha256sum)
}

# need_modules DIR: its node_modules are those of its lock file.
need_modules() {
	local stamp=$root/$1/node_modules/.lock-digest digest
	digest=$(cd "$root/$1" && sha256sum package-lock.json)
	[ "$(cat "$stamp" 2>/dev/null)" != "$digest" ] || return 0
	step "fetching npm packages for $1"
	quiet "npm-$1" "fetch npm packages (is the network there?)" \
		npm --prefix "$root/$1" ci --no-audit --no-fund || exit 1
	printf '%s\n' "$digest" >"$stamp"
}

build_console() {
	local inputs stamp=$var/console.digest
	inputs=$(console_inputs)
	if [ ! -f "$root/web-agent/dist/index.html" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$inputs" ]; then
		need_modules web-agent
		step "building the console"
		quiet console "build the console" npm --prefix "$root/web-agent" run build || exit 1
		printf '%s\n' "$inputs" >"$stamp"
	fi
	step "console is built"
}
