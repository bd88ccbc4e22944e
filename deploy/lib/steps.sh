# Functions for the scripts of deploy/: they print progress and, after a failure, the important part of the log.

say() { echo "$*" >&2; }

# minutes SECONDS: prints a length of time in words, for estimates.
minutes() {
  if [ "$1" -lt 50 ]; then echo "under a minute"; elif [ "$1" -lt 90 ]; then echo "about 1 minute"; else echo "about $((($1 + 30) / 60)) minutes"; fi
}

# logged WHAT LOG COMMAND...: runs a command and writes its output to a log. If it fails, prints the end of the log
# and exits.
logged() {
  local what="$1" log="$2" code=0
  shift 2
  mkdir -p "$(dirname "$log")"
  "$@" >>"$log" 2>&1 </dev/null || code=$?
  [ "$code" = 0 ] || failed "$what" "$log" "$code"
}

# failed WHAT LOG CODE: prints the important part of a log and exits. In the log of a build, this is the text from the
# first FAILED on, without the long commands of the compiler.
failed() {
  say "$1 failed. Its log says:"
  { grep -q '^FAILED: ' "$2" && sed -n '/^FAILED: /,$p' "$2" | grep -vE '^(/[^ ]*/)?(ccache|c\+\+|g\+\+|clang|cmake|ninja)[^ ]* |^: && |^\[[0-9]+/[0-9]+\]' || tail -n 40 "$2"; } |
    cut -c1-240 | head -n 60 | sed 's/^/  /' >&2
  say "The whole log: $2"
  exit "$3"
}

# progress LOG PID ANNOUNCE: while Ninja writes its log, calls ANNOUNCE with the number of steps. Then it updates one
# line on a terminal, or prints one line a minute elsewhere.
progress() {
  local log="$1" pid="$2" announce="$3" began=$SECONDS shown=0 steps=0 at
  while kill -0 "$pid" 2>/dev/null; do
    at="$(tail -c 4000 "$log" 2>/dev/null | sed -nE 's#^\[([0-9]+/[0-9]+)\] (Building|Generating|Linking).*#\1#p')"
    at="${at##*$'\n'}"
    if [ -n "$at" ] && [ "$steps" = 0 ]; then
      steps="${at#*/}"
      "$announce" "$steps"
    fi
    if [ -t 2 ] && [ -n "$at" ]; then
      printf '\r  %s of %s, %d:%02d ' "${at%/*}" "${at#*/}" $(((SECONDS - began) / 60)) $(((SECONDS - began) % 60)) >&2
    elif [ -n "$at" ] && [ $((SECONDS - began)) -ge $((shown + 60)) ]; then
      shown=$((SECONDS - began))
      say "  ${at%/*} of ${at#*/} after $((shown / 60)) min"
    fi
    sleep 1
  done
  [ ! -t 2 ] || printf '\r%40s\r' '' >&2
}
