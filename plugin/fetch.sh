# Fetches a Node where there is none: the wheel that node-wheel.txt pins, by the pip of the Python that is there, into
# <data>/runtime. Sourced by supervise.sh, which is in the background and of which there is one: so no save waits for a
# download, and there are never two. Sourced by launch.sh and plexsync too, to tell how it stands. A hook never reads it.
#
# PLEXSYNC_FETCH_NODE=never in the environment forbids it. Files in the data directory:
#     fetching      while it goes on: when it began, in Unix seconds
#     fetch-failed  it failed: when it may be tried again (Unix seconds), how often it has failed, the reason
#     fetch.log     what pip said last
#     runtime/      the Node. It comes whole, by a rename of runtime.new.<pid>/node
# shellcheck disable=SC2154,SC2034 # data, here, unit_ms come from those who source this, fetch_state is for them

# may_fetch → python; else fails, with fetch_state: a sentence why not. Sentences are fit to stand in a string of JSON.
may_fetch() {
  python=''
  case ${PLEXSYNC_FETCH_NODE-} in
    '' | always | yes | on | true | 1) ;;
    *)
      fetch_state='PLEXSYNC_FETCH_NODE in the environment forbids to fetch one.'
      return 1
      ;;
  esac
  if [ "$data" = "$here/data" ]; then # Stash would look for plugins in it
    fetch_state='None is fetched: PlexSync does not know its data directory.'
    return 1
  fi
  for name in python3 python; do
    python=$(command -v "$name") && return
  done
  fetch_state='None is fetched: that takes Python 3 with pip, and there is no python3 on the PATH.'
  return 1
}

# tell_fetch → fetch_state, for whoever is not the supervisor
tell_fetch() {
  may_fetch || return 0
  if { read -r began; } 2>/dev/null <"$data/fetching" && named_living "$data/supervisor" 2>/dev/null; then
    kb=$(du -sk "$data"/runtime.new.* 2>/dev/null) kb=${kb%%[!0-9]*}
    fetch_state="PlexSync is fetching one, for $(($(date +%s) - began)) s by now ($((${kb:-0} / 1024)) of about 270 MB)."
  elif fetch_is_put_off; then
    fetch_state="PlexSync could not fetch one: $why. It tries again in $(((not_before - $(date +%s) + 59) / 60)) min, or when you start one of its tasks."
  else
    fetch_state='PlexSync fetches one now, with Python (about 65 MB). It takes a minute or so; what you save meanwhile is kept.'
  fi
}

fetch_is_put_off() {
  failures=0 not_before=0 why=''
  { read -r not_before && read -r failures && read -r why; } 2>/dev/null <"$data/fetch-failed" || return 1
  case $not_before$failures in 0* | *[!0-9]*)
    failures=0
    return 1
    ;;
  esac
  wait_s=$((not_before - $(date +%s)))
  # Nothing is put off for more than six hours: the clock was ahead when this was written.
  [ $wait_s -gt 0 ] && [ $wait_s -le 25200 ]
}

# fetch_node: 0 = there is a Node in <data>/runtime now; else fetch_state says why not.
fetch_node() {
  may_fetch || return 1
  if fetch_is_put_off; then
    fetch_state="It could not be fetched: $why."
    return 1
  fi
  note "fetching the Node of node-wheel.txt with $python -m pip, into $data/runtime"
  began=$(date +%s)
  printf '%s\n' "$began" >|"$data/fetching"
  # Hooks count what they keep while this is there.
  printf '%s\n' "$no_node" >|"$data/no-runtime"
  rm -rf "$data"/runtime.new.* # by supervisors that were killed
  new=$data/runtime.new.$$ why=''
  if make_room && install_wheel && prove_node && put_runtime; then
    rm -rf "$new" "$data/fetching" "$data/fetch-failed"
    note "fetched Node ${version#v} in $(($(date +%s) - began)) s"
    return 0
  fi
  [ "$why" ] || read_reason
  [ ! -e "$new/log" ] || mv -f "$new/log" "$data/fetch.log"
  rm -rf "$new" "$data/fetching"
  failures=$((failures + 1)) wait_s=600
  [ $failures -lt 2 ] || wait_s=3600
  [ $failures -lt 3 ] || wait_s=21600
  printf '%s\n' $(($(date +%s) + wait_s)) $failures "$why" >|"$data/fetch-failed"
  fetch_state="It could not be fetched: $why."
  return 1
}

make_room() {
  mkdir -p "$new/tmp" && return
  why='nothing can be written into the data directory'
  return 1
}

# Half an hour at most. Its temporary files lie on the same disk, which so must not be full, but no other.
install_wheel() {
  politely=''
  if command -v nice >/dev/null; then politely='nice'; fi
  # Two settings of a person's own pip would stand in the way.
  TMPDIR=$new/tmp PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 \
    $politely "$python" -m pip install --target "$new/node" --require-hashes --only-binary :all: --no-deps \
    --no-cache-dir --no-compile --no-input --disable-pip-version-check --progress-bar off \
    -r "$here/node-wheel.txt" >|"$new/log" 2>&1 &
  installer=$! waited=0
  while runs $installer; do
    nap "$unit_ms"
    waited=$((waited + 1))
    [ $waited -lt 1800 ] && continue
    kill $installer
    why='it took more than half an hour'
    break
  done
  wait $installer
}

runs() {
  look_up "$1" || look_up_by_ps "$1" || return 1
  case $state in Z* | X*) return 1 ;; esac
}

prove_node() {
  tried=: refused=
  for candidate in "$new"/node/*/bin/node; do
    try_node "$candidate" && return
  done
  why="what was fetched does not run here:$refused"
  if [ ! -x "$candidate" ]; then why="$why it may not be executed (is that disk mounted noexec?)"; fi
  # What the system says of it tells which library is missing. A shell that reports a crash does so for the braces.
  { "$candidate" --version; } </dev/null >/dev/null 2>|"$new/complaint"
  read -r line <"$new/complaint" || return 1
  why="$why $line"
  cut_reason
  return 1
}

# Headers, manuals and npm are no use: a third of the whole. It fails where what was there cannot be taken away, as when
# Stash ran as another user: then too it is not fetched again and again.
put_runtime() {
  for part in include share lib/node_modules; do rm -rf "$new"/node/*/"$part"; done
  rm -rf "$data/runtime.old"
  if [ -e "$data/runtime" ]; then mv "$data/runtime" "$data/runtime.old"; fi
  # Into a folder that stayed mv would put it.
  if [ -e "$data/runtime" ] || ! mv "$new/node" "$data/runtime"; then
    why='the folder runtime in the data directory cannot be replaced'
    return 1
  fi
  rm -rf "$data/runtime.old"
  return 0
}

# read_reason → why: pip's first error, else its last line
read_reason() {
  line='' offline=''
  while read -r line || [ "$line" ]; do
    case $line in
      *CERTIFICATE_VERIFY_FAILED*)
        offline='the certificate of the package index is not trusted (if a proxy looks into https: PIP_CERT names its authority); '
        ;;
      *ProxyError*) offline='the proxy that HTTPS_PROXY names does not let pip through; ' ;;
      *'connection broken'*) offline='no connection to the package index; ' ;;
      ERROR:*)
        why=${line#ERROR: }
        break
        ;;
      ?*) why=$line ;;
    esac
  done 2>/dev/null <"$new/log"
  why=$offline${why:-pip said nothing}
  cut_reason
}

# It stands in a string of JSON, and a full stop follows.
cut_reason() {
  why=${why%%[\"\\]*}
  why=${why%%[!\ -~]*}
  why=${why%"${why##*[! ]}"}
}
