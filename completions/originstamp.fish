# What Tab offers after originstamp in fish. Made by `originstamp completions fish`.

function __originstamp_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l unquoted (string unescape -- $current)
    or set unquoted (string unescape -- $current\')
    or set unquoted (string unescape -- $current\")
    set -l answer (command originstamp __complete fish $words[2..] "$unquoted" 2>/dev/null </dev/null)
    if test "$answer[1]" != files
        printf '%s\n' $answer[2..]
        return
    end
    set -l option ''
    string match -q -- '--*=*' $current
    and set option (string replace -r -- '=.*' = $current)
    set -l path (string replace -r -- '^--[^=]*=' '' $current)
    printf '%s\n' $option(complete -C "'' $path")
end

complete -c originstamp -f -k -a '(__originstamp_complete)'
