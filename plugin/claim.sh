# Who supervises this data directory: makes the claim, and tells whether the one who made it lives. Sourced by
# launch.sh and supervise.sh (which says what the file holds), with `data` set to the data directory and noclobber on.
# shellcheck disable=SC2154 # data

# look_up <pid> → state and started, from /proc and without a fork; fails if there is no such process.
look_up() {
  read -r line <"/proc/$1/stat" || return 1
  # The name comes first, in parentheses, and may hold spaces and parentheses itself: go on after the last ") ".
  while :; do
    case $line in *') '*) line=${line#*') '} ;; *) break ;; esac
  done
  # shellcheck disable=SC2086 # numbers, to be split: field 3 of the file is the first of them, field 22 the 20th
  set -- $line
  state=$1 started=${20-}
}

# The same with a fork, where there is no /proc.
look_up_by_ps() {
  [ ! -e /proc/self/stat ] || return 1
  # shellcheck disable=SC2046 # words, to be split: the state, and a date of five
  set -- $(LC_ALL=C ps -o stat= -o lstart= -p "$1")
  [ $# -eq 6 ] || return 1
  state=$1 started=$2_$3_$4_$5_$6
}

# identify <pid> → identity, the line that claims for it; fails if there is no such process.
identify() {
  look_up "$1" || look_up_by_ps "$1" || return 1
  read -r boot </proc/sys/kernel/random/boot_id || boot=-
  identity="$1 $started $boot"
}

# living <pid> <start time> <boot id>: does the process live that had this pid, this start and this boot?
living() {
  case $1 in '' | *[!0-9]*) return 1 ;; esac
  look_up "$1" || look_up_by_ps "$1" || return 1
  # Stash is process 1 in its own image and reaps nothing: a dead supervisor stays as a zombie, and answers kill -0.
  case $state in Z* | X*) return 1 ;; esac
  [ "$2" = "$started" ] || return 1
  read -r boot </proc/sys/kernel/random/boot_id || boot=-
  [ "$3" = "$boot" ]
}

# named_living <file>: does it name a living process? `read` fails without a newline, that is, on a torn file.
# Also sets claimed, what it says, and present, whether there was such a file.
named_living() {
  present='' claimed=''
  { present=yes && read -r claimed; } <"$1" || return 1
  # shellcheck disable=SC2086 # three words, to be split
  set -- $claimed
  [ $# -eq 3 ] && living "$@"
}

# certainly_dead <file>: is it there, and names nobody who lives? With a second look: a claim is handed over or given
# up by its own process only, so if that was dead before the second look and the file says the same, it is dead.
certainly_dead() {
  if named_living "$1"; then return 1; fi
  [ "$present" ] && { read -r line || :; } <"$1" && [ "$line" = "$claimed" ]
}

# own_claim: is the claim ours, that is, the line in identity?
own_claim() {
  read -r line <"$data/supervisor" && [ "$line" = "$identity" ]
}

# put_new <file>: creates it with the line in identity, whole from the first moment on.
# 0 = done, 1 = there is one already, 2 = nothing can be written here.
put_new() {
  printf '%s\n' "$identity" >|"$1.$$" || return 2
  # A file system without hard links: noclobber does it too, but the file is empty for a moment.
  ln "$1.$$" "$1" || printf '%s\n' "$identity" >"$1"
  put=$?
  rm -f "$1.$$"
  [ $put -eq 0 ] || return 1
}

# claim <pid>: 0 = made, 1 = somebody living is at it, 2 = nothing can be written here.
claim() {
  identify "$1" || return 2
  for _ in once again 'and at last'; do
    put_new "$data/supervisor"
    case $? in 0) return 0 ;; 2) return 2 ;; esac
    named_living "$data/supervisor" && return 1
    bury || return $?
  done
  return 2
}

# bury: removes a dead claim; 1 = somebody living is at it. One process at a time, or a slow one would remove the claim
# that a quick one has made by then. A burier that was killed at it does not count; two that meet over its leavings
# may give two supervisors, and the worker's lock sends the second home.
bury() {
  put_new "$data/supervisor.bury" || certainly_dead "$data/supervisor.bury" || return 1
  if certainly_dead "$data/supervisor"; then rm -f "$data/supervisor" || return 2; fi
  rm -f "$data/supervisor.bury"
}

# hand_over <pid>: makes the claim that of another process; fails if that is gone already.
hand_over() {
  identify "$1" || return 1
  printf '%s\n' "$identity" >|"$data/supervisor.$$" && mv -f "$data/supervisor.$$" "$data/supervisor"
}
