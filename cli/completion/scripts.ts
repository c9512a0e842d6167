export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/**
 * Each asks the program itself what may follow: a candidate a line, a tab and what it is about behind it, and at the
 * end `:files` or `:folders` where the shell knows best.
 */
export const scripts: Readonly<Record<Shell, string>> = {
  bash: `# flux completion for bash: source <(flux completion bash)
_flux() {
  local typed=\${COMP_WORDS[COMP_CWORD]} value
  [[ $typed == = ]] && typed=
  COMPREPLY=()
  while IFS=$'\\t' read -r value _; do
    case $value in
      :files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$typed") ;;
      :folders) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$typed") ;;
      *) COMPREPLY+=("$value") ;;
    esac
  done < <("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _flux flux
`,
  zsh: `#compdef flux
# flux completion for zsh: source <(flux completion zsh), or a file _flux in a folder of $fpath
_flux() {
  local value about
  local -a found
  while IFS=$'\\t' read -r value about; do
    case $value in
      (:files) _files ;;
      (:folders) _files -/ ;;
      (*) found+=("\${value//:/\\\\:}:$about") ;;
    esac
  done < <("\${words[1]}" __complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  (( \${#found} )) && _describe flux found
}
if [[ \${funcstack[1]} == _flux ]]; then _flux "$@"; else compdef _flux flux; fi
`,
  fish: `# flux completion for fish: flux completion fish > ~/.config/fish/completions/flux.fish
function __flux_complete
    set -l typed (commandline --current-token)
    for line in (flux __complete -- (commandline --tokenize --cut-at-cursor)[2..] "$typed" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path $typed
            case :folders
                __fish_complete_directories $typed
            case '*'
                echo $line
        end
    end
end
complete --command flux --no-files --arguments '(__flux_complete)'
`,
};
