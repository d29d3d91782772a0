# Completion of mgrctl for fish: mgrctl completion fish | source
function __mgrctl_candidates
    set -l before (commandline -opc)
    $before[1] --completion=described $before[2..-1] (commandline -ct) 2>/dev/null
end
complete -c mgrctl -a '(__mgrctl_candidates)'
