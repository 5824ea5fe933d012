#!/usr/bin/env bash
# Makes the README's pictures from the real program: starts it in tmux, presses keys, draws what the terminal shows.
# Needs tmux and python3. Run it after a change to a screen:  docs/screens/make.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
columns=120 rows=40

cd "$root"
if [ -z "${GREENROOM:-}" ]; then
    cargo build --release
    GREENROOM=$root/target/release/greenroom
fi

home=$(mktemp -d)
socket=greenroom-screens-$$
tmux_() { tmux -L "$socket" -f /dev/null "$@"; }
finish() {
    tmux_ kill-server 2>/dev/null || true
    rm -rf "$home"
}
trap finish EXIT

# Nothing of the person who runs this may get into a picture: an empty home, no keys, no settings.
tmux_ new-session -d -x "$columns" -y "$rows" -s screens \
    "env -i HOME='$home' USER=ana PATH='$PATH' TERM=tmux-256color COLORTERM=truecolor LANG=C.UTF-8 '$GREENROOM' demo"
tmux_ set -g status off
tmux_ set -g escape-time 0
tmux_ resize-window -t screens -x "$columns" -y "$rows"

press() { tmux_ send-keys -t screens "$@"; }
write() { tmux_ send-keys -t screens -l "$1"; }

# Waits until the screen shows a text, for at most ten seconds.
see() {
    for _ in $(seq 100); do
        if tmux_ capture-pane -t screens -p | grep -qF -- "$1"; then return; fi
        sleep 0.1
    done
    echo "the screen never showed: $1" >&2
    tmux_ capture-pane -t screens -p >&2
    exit 1
}

# Waits until nothing moves any more, then draws.
shoot() {
    local name=$1 title=$2 before="" now cursor=()
    for _ in $(seq 50); do
        now=$(tmux_ capture-pane -t screens -p -e)
        [ "$now" = "$before" ] && break
        before=$now
        sleep 0.3
    done
    if [ "$(tmux_ display-message -t screens -p '#{cursor_flag}')" = 1 ]; then
        cursor=(--cursor "$(tmux_ display-message -t screens -p '#{cursor_x},#{cursor_y}')")
    fi
    # -N keeps trailing blanks, which carry a background.
    tmux_ capture-pane -t screens -p -e -N |
        python3 "$here/ansi_to_svg.py" --title "$title" --size "$columns,$rows" "${cursor[@]}" >"$here/$name.svg"
    echo "docs/screens/$name.svg"
}

see "Identity & Role"
press V
see "enterprise_admin"
press Down Enter
see "set: enterprise_admin"
press Enter
press Down Down Down Down Down Down Down Down Down Down Down Down Down Down Down Down Down Down Down Down
shoot draft "The Draft screen: five sections, their variables, and the filled prompt"

press Escape 2
see "offline"
press Enter
write "All my tasks vanished after the import!"
press Enter
see "o200k_base counts"
shoot play "The Play screen: a message, and the reply that streamed in"

press Escape 3
see "v1.2.0"
shoot diff "The Diff screen: version 1.2.0 against the draft, word by word"

press 6
see "Stages"
press Down Down Down Down c
write "Most customers ask about one board. Say so first?"
press Enter
see "Say so first?"
press Down Down Down s
see "Suggest"
write " Hand over sooner when money is involved."
press Enter
see "2 open"
shoot review "The Review screen: the ten steps, comments beside their words, a suggestion"
