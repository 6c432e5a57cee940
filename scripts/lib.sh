# Shared by the scripts beside it; sourced, never run. Sets $root and defines what more than one of them needs.

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
artifacts=$root/artifacts

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# Where the programs find the checkout (and its .data) from any working directory.
export ECOMMERCEAI_HOME=$root

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# The .NET SDK that global.json asks for.
require_dotnet() {
  if ! command -v dotnet >/dev/null && [ -x "${HOME:-}/.dotnet/dotnet" ]; then
    PATH=$HOME/.dotnet:$PATH
  fi
  command -v dotnet >/dev/null \
    || die "The .NET 10 SDK is missing: install it from https://dotnet.microsoft.com/download/dotnet/10.0"
  (cd "$root" && dotnet --version >/dev/null 2>&1) \
    || die "No installed .NET SDK fits global.json: install the .NET 10 SDK from https://dotnet.microsoft.com/download/dotnet/10.0"
}

holds_postgres() { [ -x "$1/initdb" ] && [ -x "$1/pg_ctl" ] && [ -x "$1/postgres" ]; }

# True if the places where EmbeddedPostgres looks hold the server's programs.
find_postgres() {
  local candidate
  if [ -n "${ECOMMERCEAI_PG_BIN:-}" ]; then
    holds_postgres "$ECOMMERCEAI_PG_BIN"
    return
  fi
  for candidate in "$(pg_config --bindir 2>/dev/null || true)" \
    /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* \
    /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin /home/linuxbrew/.linuxbrew/opt/postgresql*/bin \
    "$(dirname "$(command -v postgres || echo /nowhere/postgres)")"; do
    if holds_postgres "$candidate"; then
      return 0
    fi
  done
  return 1
}

# Runs a command as root: directly, or through sudo where that needs no password.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_be_root() { [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; }

# Debian's package makes and starts a cluster of its own unless told otherwise; we want its programs only.
install_postgres_with_apt() {
  local setting=/etc/postgresql-common/createcluster.d/ecommerceai.conf status=0
  as_root mkdir -p "${setting%/*}"
  printf 'create_main_cluster = false\n' | as_root tee "$setting" >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive sh -c \
    'apt-get update -q && apt-get install -y -q --no-install-recommends postgresql' || status=$?
  # A later installation by the machine's owner is none of our business.
  as_root rm -f "$setting"
  return $status
}

# PostgreSQL's programs: there, or installed by the platform's package manager, or one line that says what to install.
require_postgres() {
  if [ -n "${ConnectionStrings__EventStore:-}" ] || find_postgres; then
    return
  fi
  local hint="PostgreSQL is missing: install it with \`apt-get install postgresql\`, \`dnf install postgresql-server\`, \`apk add postgresql\` or \`brew install postgresql@17\`, or set ECOMMERCEAI_PG_BIN to the directory of its initdb, or ConnectionStrings__EventStore to a server."
  [ -z "${ECOMMERCEAI_PG_BIN:-}" ] || die "ECOMMERCEAI_PG_BIN is $ECOMMERCEAI_PG_BIN, which holds no initdb, pg_ctl and postgres."
  mkdir -p "$artifacts"
  local log=$artifacts/install-postgres.log
  if command -v brew >/dev/null && [ "$(id -u)" != 0 ]; then
    say "Installing PostgreSQL with brew ..."
    brew install postgresql@17 >"$log" 2>&1 || true
  elif can_be_root; then
    say "Installing PostgreSQL with the system's package manager ..."
    if command -v apt-get >/dev/null; then install_postgres_with_apt >"$log" 2>&1 || true
    elif command -v dnf >/dev/null; then as_root dnf install -y postgresql-server >"$log" 2>&1 || true
    elif command -v apk >/dev/null; then as_root apk add postgresql setpriv >"$log" 2>&1 || true
    fi
  fi
  if ! find_postgres; then
    [ ! -s "$log" ] || say "What the package manager said is in $log."
    die "$hint"
  fi
}

# The thesaurus WordNet, by which search understands other words for the same: there, or unpacked from Debian's package into artifacts,
# which takes no root. Without it everything works; queries are understood by what the catalogue teaches alone.
offer_thesaurus() {
  local folder=$artifacts/wordnet
  if [ -n "${ECOMMERCEAI_WORDNET:-}" ] || [ -f /usr/share/wordnet/data.noun ] || [ -f /usr/local/share/wordnet/data.noun ]; then
    return
  fi
  if [ ! -e "$folder/tried" ] && command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
    mkdir -p "$folder"
    say "Fetching the thesaurus WordNet ..."
    (
      cd "$folder"
      apt-get download wordnet-base || { can_be_root && as_root apt-get update -q && apt-get download wordnet-base; }
      dpkg-deb -x wordnet-base_*.deb . && rm -f wordnet-base_*.deb
    ) >"$folder/install.log" 2>&1 || say "There is none to be had (see $folder/install.log); search goes without it. Debian has it as wordnet-base."
    touch "$folder/tried"
  fi
  if [ -f "$folder/usr/share/wordnet/data.noun" ]; then
    export ECOMMERCEAI_WORDNET=$folder/usr/share/wordnet
  fi
}

# What a build of the programs reads, as one number: contents and names, so that switching branches, deleting a file or an old
# modification time cannot deceive it.
source_fingerprint() {
  (
    cd "$root"
    find src projections tests/EcommerceAI.Benchmarks Directory.*.props global.json .editorconfig \
      \( -name bin -o -name obj \) -prune -o -type f -print | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cksum | cksum
  )
}

output_fingerprint() { cksum "$1"/EcommerceAI.*.dll 2>/dev/null | cksum; }

# build_release PROJECT_DIRECTORY: builds it unless source and output are what the last build saw. Quiet unless it fails. Sets
# $program to the built assembly.
build_release() {
  local directory=$root/$1 name=${1##*/}
  local output=$directory/bin/Release/net10.0 stamp=$artifacts/built/$name log=$artifacts/built/$name.log
  program=$output/$name.dll
  if is_current; then
    return
  fi
  require_dotnet
  mkdir -p "$artifacts/built"
  say "Building $name ..."
  # One build at a time: two would write the same files. The build does not inherit the lock, its servers might keep it.
  (
    if command -v flock >/dev/null; then flock 8; fi
    if is_current; then
      exit 0
    fi
    local sources
    sources=$(source_fingerprint)
    rm -f "$stamp"
    if ! dotnet build "$directory" -c Release --disable-build-servers -v quiet -clp:NoSummary >"$log" 2>&1 8>&-; then
      cat "$log" >&2
      die "The build of $name failed."
    fi
    printf '%s\n%s\n' "$sources" "$(output_fingerprint "$output")" >"$stamp"
  ) 8>"$artifacts/built/lock"
}

is_current() {
  [ -f "$stamp" ] && [ -f "$program" ] \
    && [ "$(cat "$stamp")" = "$(source_fingerprint; output_fingerprint "$output")" ]
}
