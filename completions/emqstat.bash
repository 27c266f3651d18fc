# Completion of emqstat for bash.
# Source it, or save it as ~/.local/share/bash-completion/completions/emqstat.

_emqstat() {
    # Bash takes words apart at '=' and ':'; what stands together on the line is put together again.
    local -a words=()
    local rest=${COMP_LINE:0:COMP_POINT} bare piece i
    for ((i = 0; i <= COMP_CWORD; i++)); do
        bare=${rest#"${rest%%[![:space:]]*}"}
        piece=${COMP_WORDS[i]}
        ((i == COMP_CWORD)) && piece=$bare
        if ((i > 0)) && [[ -n $rest && $rest == "$bare" ]]; then
            words[${#words[@]} - 1]+=$piece
        else
            words+=("$piece")
        fi
        rest=${bare#"$piece"}
    done

    # Readline replaces only what follows the last of those characters.
    local current=${words[${#words[@]} - 1]} value
    local kept=${current%"${current##*["=:"]}"}
    COMPREPLY=()
    while IFS=$'\t' read -r value _; do
        if [[ $value == :files ]]; then
            compopt -o filenames 2>/dev/null
            while IFS= read -r value; do
                COMPREPLY+=("$value")
            done < <(compgen -f -- "${current#--*=}")
        else
            COMPREPLY+=("${value#"$kept"}")
        fi
    done < <(EMQSTAT_COMPLETE=1 "${words[0]/#~\//$HOME/}" "${words[@]:1}" 2>/dev/null)
}

complete -F _emqstat emqstat
