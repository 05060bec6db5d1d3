/** The shells that can be completed in. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

// Each asks `plumb completion SHELL -- WORDS`, the words up to the cursor without the first one, and gets one candidate
// per line, followed by a tab and its description; one line `:files` or `:folders` leaves it to the shell.

const bash = `# bash completion for plumb: eval "$(plumb completion bash)"
_plumb() {
  local line reply
  reply=$("\${COMP_WORDS[0]}" completion bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null </dev/null)
  COMPREPLY=()
  case $reply in
    :files) compopt -o default 2>/dev/null; return ;;
    :folders) compopt -o dirnames 2>/dev/null; return ;;
  esac
  while IFS= read -r line; do
    [[ -n $line ]] && COMPREPLY+=("\${line%%$'\\t'*}")
  done <<<"$reply"
  [[ \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -F _plumb plumb
`;

const zsh = `#compdef plumb
# zsh completion for plumb: eval "$(plumb completion zsh)"
_plumb() {
  local line reply
  local -a found attached
  reply=$($words[1] completion zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null </dev/null)
  case $reply in
    :files) _files; return ;;
    :folders) _files -/; return ;;
  esac
  for line in "\${(@f)reply}"; do
    [[ -z $line ]] && continue
    local word="\${line%%$'\\t'*}" what=""
    [[ $line == *$'\\t'* ]] && what="\${line#*$'\\t'}"
    word="\${word//:/\\\\:}"
    if [[ $word == *= ]]; then attached+=("$word\${what:+:$what}"); else found+=("$word\${what:+:$what}"); fi
  done
  (( $#found )) && _describe -V plumb found
  (( $#attached )) && _describe -V plumb attached -S ''
  return 0
}
if [[ \${funcstack[1]} == _plumb ]]; then _plumb "$@"; else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
  compdef _plumb plumb
fi
`;

const fish = `# fish completion for plumb: plumb completion fish | source
function __plumb_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l reply ($words[1] completion fish -- $words[2..-1] 2>/dev/null </dev/null)
    switch "$reply"
        case :files
            __fish_complete_path (commandline -ct)
        case :folders
            __fish_complete_directories (commandline -ct)
        case '*'
            printf '%s\\n' $reply
    end
end
complete -c plumb -f -k -a '(__plumb_complete)'
`;

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };

/** What a shell reads once, in its start-up file. */
export const scriptFor = (shell: Shell): string => scripts[shell];
