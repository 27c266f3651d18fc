# Completion of emqstat for fish.
# Save it as ~/.config/fish/completions/emqstat.fish.

function __emqstat_complete
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    # Without quotes and escapes, which brackets need.
    set -l current (commandline --current-token --cut-at-cursor | string replace --all --regex '[\'"\\\\]' '')
    set -l program (string replace --regex '^~/' $HOME/ -- $words[1])
    for line in (EMQSTAT_COMPLETE=1 $program $words[2..] "$current" 2>/dev/null)
        if test "$line" = :files
            set -l option (string match --regex -- '^--[^=]*=' $current)
            __fish_complete_path (string replace --regex -- '^--[^=]*=' '' $current) | string replace --regex -- '^' "$option"
        else
            echo $line
        end
    end
end

complete --command emqstat --no-files --keep-order --arguments '(__emqstat_complete)'
