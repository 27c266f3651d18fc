# Completion of emqstat for bash.
# Source it, or save it as ~/.local/share/bash-completion/completions/emqstat.

_emqstat() {
    # Bash takes words apart at '=', ':' and '('; what stands together on the line is put together again.
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

    # emqstat gets the word without quotes. Readline replaces what follows the quote, where brackets may stand as they are;
    # without one, what follows the last of its own characters, where brackets are escaped.
    local last=$((${#words[@]} - 1)) quoted='' kept value
    [[ ${words[last]} == *[\'\"]* ]] && quoted=yes
    kept=${words[last]%%[\'\"]*}
    words[last]=${words[last]//[\'\"\\]/}
    local current=${words[last]}
    [[ -z $quoted ]] && kept=${current%"${current##*["=:"]}"}
    COMPREPLY=()
    while IFS=$'\t' read -r value _; do
        if [[ $value == :files ]]; then
            compopt -o filenames 2>/dev/null
            while IFS= read -r value; do
                COMPREPLY+=("$value")
            done < <(compgen -f -- "${current#--*=}")
        else
            value=${value#"$kept"}
            [[ -z $quoted ]] && value=${value//'('/'\('} value=${value//')'/'\)'}
            COMPREPLY+=("$value")
        fi
    done < <(EMQSTAT_COMPLETE=1 "${words[0]/#~\//$HOME/}" "${words[@]:1}" 2>/dev/null)
}

complete -F _emqstat emqstat
