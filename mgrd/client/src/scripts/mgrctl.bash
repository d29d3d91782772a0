# Completion of mgrctl for bash: source <(mgrctl completion bash)
_mgrctl() {
    mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" --completion "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o bashdefault -o default -F _mgrctl mgrctl
