# What Tab offers after dfx in bash 4.4 or newer. Made by `originstamp completions bash`.

_dfx() {
    COMPREPLY=()
    if [[ $3 == [\<\>]* ]]; then
        compopt -o default
        return
    fi
    local answer
    mapfile -t answer < <(
        command dfx __complete bash "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null </dev/null
    )
    if [[ ${answer[0]-} == files ]]; then
        compopt -o default
    else
        COMPREPLY=("${answer[@]:1}")
    fi
}

complete -o nosort -F _dfx dfx
