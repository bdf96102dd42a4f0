# What a task or an operation does where no Node was found: has one fetched in the background, and answers how that
# stands. Or becomes the one that PlexSync fetched before. Sourced by launch.sh for nothing else; the functions that it
# calls are launch.sh's and runtime.sh's.
# shellcheck disable=SC2154,SC2034 # what comes from launch.sh and runtime.sh, and goes there

# without_node task|operation [<name>]
without_node() {
  LC_ALL=C
  set -Cf
  dir='' data='' fetch_state='' told='' found=''
  # The beginning of the envelope tells the data directory. dd, which takes no byte more than that: the rest is there yet.
  event=$(LC_ALL=C dd bs=32768 count=1 2>/dev/null)
  read_envelope
  case $dir in /*) ;; *) dir= ;; esac
  if [ -d "$dir" ]; then
    data=$dir/plex-sync
    have_node_fetched "$1" 2>/dev/null
    if [ "$found" ]; then
      become_node "$@"
      return
    fi
    [ ! "$told" ] || printf '\001i\002%s\n' "PlexSync found no Node. $fetch_state" >&2
  fi
  cat >/dev/null # else Stash logs a write error
  printf '{"error":"%s"}\n' "$no_node${fetch_state:+ $fetch_state}${way_out:+ $way_out}"
  return 1
}

have_node_fetched() {
  set +f
  [ -d "$data" ] || mkdir -p "$data"
  # In the data directory, into which nobody could look before.
  if find_node "$data"; then
    remember_node "$here/data"
    found=yes
    return
  fi
  with_claims
  # shellcheck source=/dev/null
  . "$here/fetch.sh"
  # A person who starts a task may have put right what was in the way, or presses the page's button that says so.
  case $1$event in task* | *'"fetchNode":true'*) rm -f "$data/fetch-failed" ;; esac
  tell_fetch
  # Else there is nothing to wake anybody for; the page asks every few seconds.
  case $fetch_state in *' now, '*)
    told=yes
    wake || fetch_state='None is fetched: nothing can be written into plex-sync beside the configuration file of Stash.'
    ;;
  esac
}

# Hands Node the envelope, whose beginning has been read here: as a file that has no name any more when Node gets it,
# since a session is in it. Where none can be written, through a pipe: this shell waits then, and Stash's kill ends only
# that.
become_node() {
  set -- --disable-warning=ExperimentalWarning "$here/plex-sync.cjs" "$@"
  envelope=$data/envelope.$$
  if printf '%s' "$event" 2>/dev/null >|"$envelope" && cat >>"$envelope"; then
    exec <"$envelope"
    rm -f "$envelope"
    exec "$node" "$@"
  fi
  rm -f "$envelope"
  { printf '%s' "$event" && cat; } | "$node" "$@"
}
