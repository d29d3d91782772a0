#compdef mgrctl
# Completion of mgrctl for zsh: source <(mgrctl completion zsh)
_mgrctl() {
    local -a found
    found=("${(@f)$("${words[1]}" --completion=described "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    found=("${(@)found//:/\\:}")
    found=("${(@)found/$'\t'/:}")
    if [[ -n "${found[1]}" ]]; then
        _describe -t commands mgrctl found
    else
        _files
    fi
}
compdef _mgrctl mgrctl
