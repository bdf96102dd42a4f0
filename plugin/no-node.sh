# What a task or an operation does where no Node was found: has one fetched in the background, and answers how that
# stands. Sourced by launch.sh for nothing else; the functions that it calls are launch.sh's and runtime.sh's.
# shellcheck disable=SC2154,SC2034 # what comes from launch.sh and runtime.sh, and goes there

# without_node task|operation
without_node() {
  LC_ALL=C
  set -Cf
  dir='' data='' fetch_state='' told=''
  # Node does not read the envelope, so it can be read here: it tells the data directory.
  event=$(LC_ALL=C head -c 32768)
  cat >/dev/null # else Stash logs a write error
  read_envelope
  case $dir in /*) ;; *) dir= ;; esac
  if [ -d "$dir" ]; then
    data=$dir/plex-sync
    have_node_fetched "$1" 2>/dev/null
    [ ! "$told" ] || printf '\001i\002%s\n' "PlexSync found no Node. $fetch_state" >&2
  fi
  printf '{"error":"%s"}\n' "$no_node${fetch_state:+ $fetch_state}${way_out:+ $way_out}"
}

have_node_fetched() {
  set +f
  [ -d "$data" ] || mkdir -p "$data"
  # In the data directory, into which nobody could look before.
  if find_node "$data"; then
    remember_node "$here/data"
    no_node='PlexSync found its Node only now. Please try again.' way_out=''
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
