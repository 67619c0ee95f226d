#!/usr/bin/env bash
# Does what a page of the book says, in an empty folder: writes the files it shows and types its commands, and stops where
# one fails. It needs nothing but a shell, so that it runs where only the program is; what is printed is compared by
# tests/it/book.rs.
#   packaging/follow.sh PAGE
set -euo pipefail
page=$(realpath "$1")
home=$(mktemp -d)
cd "$home"
mark="" file="" count=0
while IFS= read -r line; do
    case $line in
        '```'*)
            [ -z "$mark" ] && mark=${line#'```'} || mark=""
            [ -n "$mark" ] || file=""
            [ "$mark" = '' ] && continue
            ;;
        '# '*.toml) [ "$mark" != toml ] || { file=${line#'# '} && : > "$file"; } ;;
        '$ '*)
            if [ "$mark" = console ]; then
                # what is asked for with 2>&1 is an error, to be read
                ok=yes
                bash -c "${line#'$ '}" > said 2> errors < /dev/null || ok=no
                case $line in *'2>&1'*) ok=yes ;; esac
                [ $ok = yes ] || { printf '%s\n' "$line" && cat said errors && exit 1; } >&2
                rm -f said errors
                count=$((count + 1))
            fi
            ;;
        *) [ -z "$file" ] || printf '%s\n' "$line" >> "$file" ;;
    esac
done < "$page"
[ "$count" -gt 0 ] || { echo "$page holds no command" >&2; exit 1; }
rm -rf "$home"
echo "$(basename "$page"): $count commands"
